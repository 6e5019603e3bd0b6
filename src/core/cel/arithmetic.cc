#include "core/cel/arithmetic.h"

#include <cmath>
#include <limits>
#include <type_traits>

namespace pawl::cel {

namespace {

using Kind = Value::Kind;

constexpr std::int64_t kNanos = 1'000'000'000;

Value no_such_overload() { return Value::error(kNoSuchOverload); }

// An operand whose kind has no such operator at all is named with the operator, except where values of its kind take
// calls themselves.
Value no_operator(const Value& operand, std::string_view message) {
  bool takes_calls = operand.is_string() || operand.is(Kind::kDuration) || operand.is(Kind::kTimestamp);
  return Value::error(takes_calls ? kNoSuchOverload : message);
}

std::string_view missing(Arithmetic op) {
  switch (op) {
    case Arithmetic::kAdd:
      return "no such overload: _+_";
    case Arithmetic::kSubtract:
      return "no such overload: _-_";
    case Arithmetic::kMultiply:
      return "no such overload: _*_";
    case Arithmetic::kDivide:
      return "no such overload: _/_";
    case Arithmetic::kModulo:
      return "no such overload: _%_";
  }
  return kNoSuchOverload;
}

Value made(std::int64_t value) { return Value::integer(value); }
Value made(std::uint64_t value) { return Value::uinteger(value); }

template <class Integer>
Value integers(Arithmetic op, Integer a, Integer b) {
  constexpr bool kIsSigned = std::is_signed_v<Integer>;
  Integer result = 0;
  bool overflow = false;
  switch (op) {
    case Arithmetic::kAdd:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Arithmetic::kSubtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Arithmetic::kMultiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    case Arithmetic::kDivide:
    case Arithmetic::kModulo:
      if (b == 0) return Value::error(op == Arithmetic::kDivide ? "division by zero" : "modulus by zero");
      // The one quotient that does not fit.
      if constexpr (kIsSigned) overflow = a == std::numeric_limits<Integer>::min() && b == -1;
      if (!overflow) result = op == Arithmetic::kDivide ? a / b : a % b;
      break;
  }
  return overflow ? Value::error(kIsSigned ? kIntegerOverflow : kUnsignedOverflow) : made(result);
}

Value doubles(Arithmetic op, double a, double b) {
  switch (op) {
    case Arithmetic::kAdd:
      return Value::number(a + b);
    case Arithmetic::kSubtract:
      return Value::number(a - b);
    case Arithmetic::kMultiply:
      return Value::number(a * b);
    case Arithmetic::kDivide:
      return Value::number(a / b);
    case Arithmetic::kModulo:
      break;
  }
  return Value::error(missing(op));
}

Value join_text(const Value& a, const Value& b, Arena& arena) {
  std::size_t size = a.size() + b.size();
  if (!arena.has_room(size) || size > UINT32_MAX) return Value::error(kTooMuchMemory);
  char* joined = arena.allocate_array<char>(size);
  a.text().copy(joined, a.size());
  b.text().copy(joined + a.size(), b.size());
  std::string_view text(joined, size);
  return a.is_string() ? Value::string(text) : Value::bytes(text);
}

Value join_lists(const Value& a, const Value& b, Arena& arena) {
  if (a.size() == 0) return b;
  if (b.size() == 0) return a;
  std::size_t size = a.size() + b.size();
  if (!arena.has_room(size * sizeof(Value)) || a.nodes() + b.nodes() > Value::kMostNodes)
    return Value::error(kTooMuchMemory);
  Value* items = arena.allocate_array<Value>(size);
  for (std::size_t i = 0; i < a.size(); ++i) items[i] = a.item(i);
  for (std::size_t i = 0; i < b.size(); ++i) items[a.size() + i] = b.item(i);
  return Value::list({items, size});
}

Value move(Instant at, std::int64_t nanos) {
  std::int64_t total = static_cast<std::int64_t>(at.nanos) + nanos % kNanos;
  std::int64_t seconds = at.seconds + nanos / kNanos;
  if (total >= kNanos) {
    ++seconds;
    total -= kNanos;
  } else if (total < 0) {
    --seconds;
    total += kNanos;
  }
  if (seconds < kFirstSecond || seconds > kLastSecond) return Value::error(kTimestampOverflow);
  return Value::timestamp({seconds, static_cast<std::uint32_t>(total), at.offset_minutes});
}

Value between(Instant a, Instant b) {
  std::int64_t result = 0;
  bool overflow = __builtin_mul_overflow(a.seconds - b.seconds, kNanos, &result);
  std::int64_t nanos = static_cast<std::int64_t>(a.nanos) - static_cast<std::int64_t>(b.nanos);
  overflow = overflow || __builtin_add_overflow(result, nanos, &result);
  return overflow ? Value::error(kIntegerOverflow) : Value::duration(result);
}

Value durations(Arithmetic op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow =
      op == Arithmetic::kAdd ? __builtin_add_overflow(a, b, &result) : __builtin_sub_overflow(a, b, &result);
  return overflow ? Value::error(kDurationOverflow) : Value::duration(result);
}

Value with_duration(Arithmetic op, const Value& a, const Value& b) {
  if (b.is(Kind::kDuration)) return durations(op, a.duration_nanos(), b.duration_nanos());
  if (b.is(Kind::kTimestamp) && op == Arithmetic::kAdd) return move(b.instant(), a.duration_nanos());
  return no_such_overload();
}

Value with_timestamp(Arithmetic op, const Value& a, const Value& b) {
  if (b.is(Kind::kTimestamp) && op == Arithmetic::kSubtract) return between(a.instant(), b.instant());
  if (!b.is(Kind::kDuration)) return no_such_overload();
  std::int64_t nanos = b.duration_nanos();
  if (op == Arithmetic::kAdd) return move(a.instant(), nanos);
  if (nanos == INT64_MIN) return Value::error(kDurationOverflow);
  return move(a.instant(), -nanos);
}

}  // namespace

Value calculate(Arithmetic op, const Value& a, const Value& b, Arena& arena) {
  bool same = a.kind() == b.kind();
  switch (a.kind()) {
    case Kind::kInt:
      return same ? integers(op, a.as_int(), b.as_int()) : no_such_overload();
    case Kind::kUint:
      return same ? integers(op, a.as_uint(), b.as_uint()) : no_such_overload();
    case Kind::kDouble:
      if (op == Arithmetic::kModulo) return Value::error(missing(op));
      return same ? doubles(op, a.as_double(), b.as_double()) : no_such_overload();
    case Kind::kString:
    case Kind::kBytes:
      if (op != Arithmetic::kAdd) return no_operator(a, missing(op));
      return same ? join_text(a, b, arena) : no_such_overload();
    case Kind::kList:
      if (op != Arithmetic::kAdd) return Value::error(missing(op));
      return same ? join_lists(a, b, arena) : no_such_overload();
    case Kind::kDuration:
      if (op != Arithmetic::kAdd && op != Arithmetic::kSubtract) return no_such_overload();
      return with_duration(op, a, b);
    case Kind::kTimestamp:
      if (op != Arithmetic::kAdd && op != Arithmetic::kSubtract) return no_such_overload();
      return with_timestamp(op, a, b);
    case Kind::kNull:
    case Kind::kBool:
    case Kind::kMap:
    case Kind::kType:
    case Kind::kOptional:
    case Kind::kOpaque:
    case Kind::kError:
    case Kind::kAbsent:
      break;
  }
  return Value::error(missing(op));
}

Value negate(const Value& value) {
  switch (value.kind()) {
    case Kind::kInt:
      return value.as_int() == INT64_MIN ? Value::error(kIntegerOverflow) : Value::integer(-value.as_int());
    case Kind::kDouble:
      return Value::number(-value.as_double());
    case Kind::kDuration:
      return value.duration_nanos() == INT64_MIN ? Value::error(kDurationOverflow)
                                                 : Value::duration(-value.duration_nanos());
    case Kind::kBool:
    case Kind::kString:
    case Kind::kTimestamp:
      return no_such_overload();
    case Kind::kNull:
    case Kind::kUint:
    case Kind::kBytes:
    case Kind::kList:
    case Kind::kMap:
    case Kind::kType:
    case Kind::kOptional:
    case Kind::kOpaque:
    case Kind::kError:
    case Kind::kAbsent:
      break;
  }
  return Value::error("no such overload: -_");
}

Value relate(Relation relation, const Value& a, const Value& b) {
  static constexpr std::string_view kMissing[] = {"no such overload: _<_", "no such overload: _<=_",
                                                  "no such overload: _>_", "no such overload: _>=_"};
  if (!is_ordered(a, b)) {
    bool has_order = is_ordered(a, a);
    return has_order ? no_such_overload() : no_operator(a, kMissing[static_cast<std::size_t>(relation)]);
  }
  Order order = compare(a, b);
  if (order == Order::kNone) return Value::error("NaN values cannot be ordered");
  switch (relation) {
    case Relation::kLess:
      return Value::boolean(order == Order::kLess);
    case Relation::kLessEquals:
      return Value::boolean(order != Order::kGreater);
    case Relation::kGreater:
      return Value::boolean(order == Order::kGreater);
    case Relation::kGreaterEquals:
      return Value::boolean(order != Order::kLess);
  }
  return no_such_overload();
}

Value is_in(const Value& a, const Value& b) {
  if (b.is_map()) return Value::boolean(!b.find(a).is_absent());
  if (!b.is_list()) return no_such_overload();
  for (std::size_t i = 0; i < b.size(); ++i)
    if (equal(a, b.item(i))) return Value::boolean(true);
  return Value::boolean(false);
}

Value size_of(const Value& value) {
  if (value.is_string()) return Value::integer(static_cast<std::int64_t>(code_points(value.text())));
  if (value.is_bytes() || value.is_list() || value.is_map())
    return Value::integer(static_cast<std::int64_t>(value.size()));
  return no_operator(value, "no such overload: size");
}

}  // namespace pawl::cel

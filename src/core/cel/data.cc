#include "core/cel/data.h"

#include "base/encoding.h"
#include "core/cel/text.h"

namespace pawl::cel {

namespace {

format::Value list_of(const Value& value, format::Arena& arena) {
  format::Value out = format::Value::list();
  for (std::size_t i = 0; i < value.size(); ++i) out.push_back(arena, to_data(value.item(i), arena));
  return out;
}

format::Value map_of(const Value& value, format::Arena& arena) {
  format::Value out = format::Value::map();
  for (std::size_t i = 0; i < value.size(); ++i) out.set(arena, display(value.key(i)), to_data(value.entry(i), arena));
  return out;
}

}  // namespace

format::Value to_data(const Value& value, format::Arena& arena) {
  switch (value.kind()) {
    case Value::Kind::kNull:
    case Value::Kind::kAbsent:
      return {};
    case Value::Kind::kBool:
      return format::Value::boolean(value.as_bool());
    case Value::Kind::kInt:
      return format::Value::integer(value.as_int());
    case Value::Kind::kUint:
      return format::Value::integer(value.as_uint());
    case Value::Kind::kDouble:
      return format::Value::number(value.as_double());
    case Value::Kind::kString:
      return format::Value::string(arena, value.text());
    case Value::Kind::kBytes:
      return format::Value::string(arena, to_base64(value.text()));
    case Value::Kind::kList:
      return value.is_data() ? value.data() : list_of(value, arena);
    case Value::Kind::kMap:
      return value.is_data() ? value.data() : map_of(value, arena);
    case Value::Kind::kOptional:
      return value.has_value() ? to_data(value.optional_value(), arena) : format::Value();
    case Value::Kind::kDuration:
    case Value::Kind::kTimestamp:
    case Value::Kind::kType:
    case Value::Kind::kOpaque:
    case Value::Kind::kError:
      return format::Value::string(arena, display(value));
  }
  check(false, "every kind of value is data");
  return {};
}

}  // namespace pawl::cel

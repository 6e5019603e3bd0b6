#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pieces.h"
#include "base/result.h"
#include "base/strong.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "format/json.h"
#include "format/value.h"

namespace pawl::format {

// Structs to values and back from one list of their fields. A type takes part by a function found beside it:
//   template <class V> void fields(V& v, Hold& x) { v("reason", x.reason); v("since", x.since); }
// and an enum by `inline constexpr E all_values(E)`-like specialisation of EnumValues plus name_of(E).
// Writing leaves out absent optionals; reading refuses unknown and missing fields and wrong types.

template <class E>
struct EnumValues;  // static constexpr std::array of every value

// A value of T for a decoder to fill; types without a default constructor specialise it.
template <class T>
struct Blank {
  static T make() { return T{}; }
};
template <>
struct Blank<crypto::Digest> {
  static crypto::Digest make() { return crypto::Digest(std::array<std::uint8_t, crypto::Digest::kSize>{}); }
};

class Encoder;
class Decoder;

template <class T>
concept Described = requires(Encoder& e, T& x) { fields(e, x); };

template <class T>
Value to_value(Arena& arena, const T& x);

class Encoder {
 public:
  explicit Encoder(Arena& arena) : arena_(arena) {}

  // `key` must be a literal.
  template <class T>
  void operator()(std::string_view key, const T& x) {
    map_.append_member(arena_, key, to_value(arena_, x));
  }
  template <class T>
  void operator()(std::string_view key, const std::optional<T>& x) {
    if (x) (*this)(key, *x);
  }
  Value take() { return map_; }

 private:
  Arena& arena_;
  Value map_ = Value::map();
};

inline Value to_value(Arena&, bool x) { return Value::boolean(x); }
inline Value to_value(Arena&, Duration x) { return Value::integer(static_cast<std::int64_t>(x.count())); }
inline Value to_value(Arena& arena, const std::string& x) { return Value::string(arena, x); }
inline Value to_value(Arena& arena, const Pieces& x) { return Value::string(arena, x.str()); }
inline Value to_value(Arena& arena, Time x) { return Value::string(arena, render_time(x)); }
inline Value to_value(Arena& arena, const crypto::Digest& x) { return Value::string(arena, x.str()); }
inline Value to_value(Arena&, const Value& x) { return x; }

template <class Tag>
Value to_value(Arena& arena, const Strong<Tag>& x) {
  return Value::string(arena, x.str());
}
template <class T>
Value to_value(Arena& arena, const std::vector<T>& x) {
  Value list = Value::list();
  for (const T& item : x) list.push_back(arena, to_value(arena, item));
  return list;
}
template <class T>
Value to_value(Arena& arena, const std::map<std::string, T>& x) {
  Value map = Value::map();
  for (const auto& [key, item] : x) map.append_member(arena, arena.copy(key), to_value(arena, item));
  return map;
}
template <class T>
Value to_value(Arena& arena, const T& x) {
  if constexpr (std::is_enum_v<T>) {
    return Value::string_ref(name_of(x));
  } else if constexpr (std::integral<T>) {
    return Value::integer(static_cast<std::uint64_t>(x));
  } else {
    Encoder encoder(arena);
    fields(encoder, const_cast<T&>(x));  // the one list of fields serves the decoder too; an encoder only reads
    return encoder.take();
  }
}

template <class T>
Status from_value(const Value& value, T& out);

class Decoder {
 public:
  explicit Decoder(const Value& map) : map_(map) {
    if (!map.is_map()) error_ = Error(ErrorCode::kInvalid, "a map is expected");
  }

  template <class T>
  void operator()(std::string_view key, T& out) {
    const Value* value = take(key);
    if (value == nullptr) {
      fail(Error(ErrorCode::kInvalid, "field \"" + std::string(key) + "\" is missing"));
    } else if (Status status = from_value(*value, out); !status) {
      fail(std::move(status).error().within("reading \"" + std::string(key) + "\""));
    }
  }
  template <class T>
  void operator()(std::string_view key, std::optional<T>& out) {
    if (const Value* value = take(key)) {
      T item = Blank<T>::make();
      Status status = from_value(*value, item);
      if (status)
        out = std::move(item);
      else
        fail(std::move(status).error().within("reading \"" + std::string(key) + "\""));
    }
  }
  // The first error, or one for a field that nobody asked for.
  Status finish() {
    if (!error_ && used_ != map_.size()) error_ = Error(ErrorCode::kInvalid, "an unknown field");
    if (error_) return *error_;
    return {};
  }

 private:
  const Value* take(std::string_view key) {
    const Value* value = map_.find(key);
    if (value != nullptr) ++used_;
    return value;
  }
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  const Value& map_;
  std::size_t used_ = 0;
  std::optional<Error> error_;
};

// Whole numbers up to here are what canonical JSON can say, so that whatever was read can be written again.
inline constexpr std::int64_t kLargestExact = std::int64_t{1} << 53;

inline Status expected(std::string_view what) { return Error(ErrorCode::kInvalid, std::string(what) + " is expected"); }

inline Status from_value(const Value& value, bool& out) {
  if (!value.is_bool()) return expected("true or false");
  out = value.as_bool();
  return {};
}
inline Status from_value(const Value& value, Duration& out) {
  bool exact = value.kind() == Kind::kInt && value.as_int() <= kLargestExact && value.as_int() >= -kLargestExact;
  if (!exact) return expected("a number of milliseconds");
  out = Duration(value.as_int());
  return {};
}
inline Status from_value(const Value& value, std::string& out) {
  if (!value.is_string()) return expected("a string");
  out = value.as_string();
  return {};
}
inline Status from_value(const Value& value, Time& out) {
  if (!value.is_string()) return expected("a time");
  PAWL_ASSIGN(out, parse_time(value.as_string()));
  return {};
}
inline Status from_value(const Value& value, crypto::Digest& out) {
  if (!value.is_string()) return expected("a digest");
  PAWL_ASSIGN(out, crypto::Digest::parse(value.as_string()));
  return {};
}
template <class Tag>
Status from_value(const Value& value, Strong<Tag>& out) {
  if (!value.is_string()) return expected("a name");
  out = Strong<Tag>(std::string(value.as_string()));
  return {};
}
template <class T>
Status from_value(const Value& value, std::vector<T>& out) {
  if (!value.is_list()) return expected("a list");
  for (const Value& item : value.items()) {
    T element = Blank<T>::make();
    PAWL_TRY(from_value(item, element));
    out.push_back(std::move(element));
  }
  return {};
}
template <class T>
Status from_value(const Value& value, std::map<std::string, T>& out) {
  if (!value.is_map()) return expected("a map");
  for (const Member& member : value.members()) {
    T element = Blank<T>::make();
    PAWL_TRY(from_value(member.value, element));
    out.emplace(std::string(member.key), std::move(element));
  }
  return {};
}
template <class T>
Status from_value(const Value& value, T& out) {
  if constexpr (std::is_enum_v<T>) {
    if (!value.is_string()) return expected("a word");
    for (T candidate : EnumValues<T>::kAll) {
      if (name_of(candidate) == value.as_string()) {
        out = candidate;
        return {};
      }
    }
    return Error(ErrorCode::kInvalid, "\"" + std::string(value.as_string().substr(0, 64)) + "\" is not known here");
  } else if constexpr (std::integral<T>) {
    bool fits = value.kind() == Kind::kInt && value.as_int() >= 0 && value.as_int() <= kLargestExact;
    if (!fits || static_cast<T>(value.as_uint()) != value.as_uint()) return expected("a whole number");
    out = static_cast<T>(value.as_uint());
    return {};
  } else {
    Decoder decoder(value);
    fields(decoder, out);
    return decoder.finish();
  }
}

// The canonical JSON of a described struct, and back.
template <class T>
std::string to_canonical(const T& x) {
  Arena arena;
  return canonical_json(to_value(arena, x)).value();
}
template <class T>
Result<T> from_json(std::string bytes) {
  Arena arena;
  PAWL_ASSIGN(Value value, parse_json(arena, std::move(bytes)));
  T out = Blank<T>::make();
  PAWL_TRY(from_value(value, out));
  return out;
}

}  // namespace pawl::format

#pragma once

#include "core/cel/value.h"

namespace pawl::cel {

// The operators of cel-spec on values that are no errors; what they cannot do is an error value in cel-go's words.

enum class Arithmetic : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo };
// Lists are joined by copying.
Value calculate(Arithmetic op, const Value& a, const Value& b, Arena& arena);
Value negate(const Value& value);

enum class Relation : std::uint8_t { kLess, kLessEquals, kGreater, kGreaterEquals };
Value relate(Relation relation, const Value& a, const Value& b);

// `a in b`, of a list or a map.
Value is_in(const Value& a, const Value& b);
Value size_of(const Value& value);

inline constexpr std::string_view kNoSuchOverload = "no such overload";
inline constexpr std::string_view kTimestampOverflow = "timestamp overflow";
inline constexpr std::string_view kDurationOverflow = "duration overflow";
inline constexpr std::string_view kIntegerOverflow = "integer overflow";
inline constexpr std::string_view kUnsignedOverflow = "unsigned integer overflow";
// Years 1 to 9999.
inline constexpr std::int64_t kFirstSecond = -62'135'596'800;
inline constexpr std::int64_t kLastSecond = 253'402'300'799;

}  // namespace pawl::cel

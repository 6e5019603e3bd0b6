#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::cel::lib {

// Text as Go has it, whose rules the error texts and the string functions of CEL follow.

// A conversion to []rune.
std::vector<char32_t> go_runes(std::string_view text);
std::string from_runes(const char32_t* begin, const char32_t* end);
// strings.ToValidUTF8, each byte that is no UTF-8 replaced by U+FFFD.
std::string valid_text(std::string_view text);

// strconv.Quote: in double quotes, with what is not printable escaped. https://pkg.go.dev/strconv#Quote
std::string go_quote(std::string_view text);

// strings.TrimSpace: without Unicode's white space at both ends.
std::string_view go_trim_space(std::string_view text);

// strconv.FormatFloat of a finite number with the format 'f' and the least precision that reads back: "1000000", "0.1".
std::string shortest_fixed(double value);
// strconv.FormatFloat with the format 'g' and the least precision that reads back: "1e+06", "+Inf". fmt's %v is the
// same, but takes an exponent from 1e+21 on.
std::string shortest_general(double value, int exponent_from = 6);

}  // namespace pawl::cel::lib

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl {

// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);
// Reads lower-case hexadecimal only. Errors: kInvalid on odd length, upper case or other characters.
Result<std::string> from_hex(std::string_view text);

// RFC 4648 base64 with padding.
std::string to_base64(std::string_view bytes);
// Reads canonical, padded base64 of the standard alphabet only (no line breaks, no stray bits).
Result<std::string> from_base64(std::string_view text);
// Also takes the URL-safe alphabet and missing padding, as DSSE requires of readers; still refuses stray characters.
Result<std::string> from_base64_lenient(std::string_view text);

}  // namespace pawl

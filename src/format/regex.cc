#include "format/regex.h"

#include <re2/re2.h>

namespace pawl::format {

Result<bool> regex_match(std::string_view pattern, std::string_view text) {
  RE2::Options options;
  options.set_log_errors(false);
  RE2 expression(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!expression.ok()) {
    return Error(ErrorCode::kInvalid,
                 "\"" + std::string(pattern.substr(0, 100)) + "\" is not a regular expression: " + expression.error());
  }
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), expression);
}

}  // namespace pawl::format

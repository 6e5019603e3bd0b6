#include "format/regex.h"

#include <re2/re2.h>

namespace pawl::format {

struct Regex::Compiled {
  RE2 expression;
};

namespace {

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern) {
  auto compiled = std::shared_ptr<const Compiled>(new Compiled{RE2(piece(pattern), quiet())});
  if (!compiled->expression.ok()) {
    return Error(ErrorCode::kInvalid, "\"" + std::string(pattern.substr(0, 100)) +
                                          "\" is not a regular expression: " + compiled->expression.error());
  }
  return Regex(std::move(compiled));
}

bool Regex::matches(std::string_view text) const { return RE2::FullMatch(piece(text), compiled_->expression); }
bool Regex::found_in(std::string_view text) const { return RE2::PartialMatch(piece(text), compiled_->expression); }

Result<bool> regex_match(std::string_view pattern, std::string_view text) {
  PAWL_ASSIGN(Regex regex, Regex::compile(pattern));
  return regex.matches(text);
}

}  // namespace pawl::format

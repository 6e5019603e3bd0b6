#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace pawl::format {

// An RE2 expression, compiled once: linear time whatever the pattern. Thread-safe; copies share it.
class Regex {
 public:
  // Errors: kInvalid for a malformed pattern.
  static Result<Regex> compile(std::string_view pattern);

  bool matches(std::string_view text) const;   // all of `text`
  bool found_in(std::string_view text) const;  // any part of `text`

 private:
  struct Compiled;
  explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const Compiled> compiled_;
};

// Whether the RE2 expression `pattern` matches all of `text`. Errors: kInvalid for a malformed pattern.
Result<bool> regex_match(std::string_view pattern, std::string_view text);

}  // namespace pawl::format

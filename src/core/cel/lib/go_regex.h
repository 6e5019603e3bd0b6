#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::cel::lib {

// A regular expression as Go's regexp takes it, run by RE2: linear time. What only RE2 knows (\C) is refused, what only
// Go knows ("(?<name>", a name twice) is taken; groups have no names here. https://pkg.go.dev/regexp/syntax
// Thread-safe; copies share it.
class GoRegex {
 public:
  // Errors: kInvalid with Go's text: "error parsing regexp: missing closing ): `(`".
  static Result<GoRegex> compile(std::string_view pattern);

  struct Match {
    std::size_t begin;
    std::size_t end;
  };
  // The leftmost match that begins at `from` or later; what stands before is seen by ^ and \b.
  std::optional<Match> find(std::string_view text, std::size_t from = 0) const;
  // Anywhere in `text`.
  bool matches(std::string_view text) const { return find(text).has_value(); }

 private:
  struct Compiled;
  explicit GoRegex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::cel::lib

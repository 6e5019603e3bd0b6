#pragma once

#include <string_view>
#include <vector>

#include "core/cel/source.h"

namespace pawl::cel {

struct Token {
  enum class Kind : std::uint8_t {
    kEnd,
    kIdentifier,
    kEscapedIdentifier,  // in backquotes
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kTrue,
    kFalse,
    kNull,
    kIn,
    kOperator,  // its text tells which: == != < <= > >= && || [ ] { } ( ) . , - ! ? : + * / %
  };
  Kind kind = Kind::kEnd;
  std::string_view text;  // of the source
  Offset at = 0;

  bool is(std::string_view op) const { return kind == Kind::kOperator && text == op; }
};

// Splits an expression into tokens; the last one is kEnd. What is no token is skipped and named in `faults`.
std::vector<Token> split_tokens(std::string_view text, std::vector<Fault>& faults);

}  // namespace pawl::cel

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pawl {

enum class Severity : std::uint8_t { kError, kWarning };

// A place in a text file. Lines and columns count from 1, columns in bytes; 0 means unknown.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Position&) const = default;
};

// One thing that is wrong in a file a user wrote.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string file;  // as the user named it; empty where no file is to blame
  Position at;
  std::uint32_t length = 1;  // bytes underlined, on one line
  std::string code;          // stable, for machines: "unknown-field"
  std::string summary;       // one line: unknown field "gate" in environments[1]
  std::string snippet;       // the source line, without its newline
  std::string suggestion;    // shown behind the caret: did you mean "gates"?
  std::string help;          // what to type or read next
  auto operator<=>(const Diagnostic&) const = default;
};

// Sorts by file, then position. Equal diagnostics collapse to one.
void sort_unique(std::vector<Diagnostic>& diagnostics);

// Renders as compilers do: "file:line:column: error: text", the line, a caret. Control characters are escaped.
std::string render_diagnostic(const Diagnostic& diagnostic);
std::string render_diagnostics(const std::vector<Diagnostic>& diagnostics);

// Returns line `line` (from 1) of `text` without its newline, cut to 200 bytes; empty when there is none.
std::string line_of(std::string_view text, std::uint32_t line);

}  // namespace pawl

#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pawl {

void sort_unique(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.at, a.summary) < std::tie(b.file, b.at, b.summary);
  });
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end()), diagnostics.end());
}

namespace {

std::string caret_line(const Diagnostic& d, std::size_t gutter) {
  std::string out(gutter, ' ');
  out += "| ";
  // Tabs stay tabs, so that the caret stands under its column whatever the terminal's tab width.
  for (std::uint32_t i = 0; i + 1 < d.at.column && i < d.snippet.size(); ++i) out += d.snippet[i] == '\t' ? '\t' : ' ';
  out += '^';
  if (d.length > 1) out.append(std::min<std::size_t>(d.length - 1, 80), '~');
  if (!d.suggestion.empty()) out += " " + escape_terminal(d.suggestion);
  return out + "\n";
}

}  // namespace

std::string render_diagnostic(const Diagnostic& d) {
  std::string where = escape_terminal(d.file);
  if (d.at.line != 0) where += fmt::format(":{}:{}", d.at.line, d.at.column);
  std::string out = where.empty() ? std::string() : where + ": ";
  out += d.severity == Severity::kError ? "error: " : "warning: ";
  out += escape_terminal(d.summary) + "\n";
  if (!d.snippet.empty() && d.at.line != 0) {
    std::string number = fmt::format("{:>4} ", d.at.line);
    out += number + "| " + escape_terminal(d.snippet) + "\n" + caret_line(d, number.size());
  } else if (!d.suggestion.empty()) {
    out += "  " + escape_terminal(d.suggestion) + "\n";
  }
  if (!d.help.empty()) out += "help: " + escape_terminal(d.help) + "\n";
  return out;
}

std::string render_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += render_diagnostic(d);
  return out;
}

std::string line_of(std::string_view text, std::uint32_t line) {
  std::size_t start = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return {};
    start = end + 1;
  }
  std::string_view rest = text.substr(start);
  rest = rest.substr(0, std::min<std::size_t>(rest.find('\n'), 200));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return std::string(rest);
}

}  // namespace pawl

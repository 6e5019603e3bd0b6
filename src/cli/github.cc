#include "cli/github.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/text.h"
#include "cli/terminal.h"
#include "os/system.h"

namespace pawl::cli {

namespace {

bool is_github() { return os::environment("GITHUB_ACTIONS") == "true"; }

// As the runner reads workflow commands: % first, then what would end a command or, in a property, its value.
std::string escaped(std::string_view text, bool is_property) {
  std::string out;
  for (char c : text) {
    bool special = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    out += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

std::string annotation(const Diagnostic& d) {
  std::string where;
  if (!d.file.empty()) where += fmt::format("file={},", escaped(escape_terminal(d.file), true));
  if (d.at.line != 0)
    where += fmt::format("line={},col={},endColumn={},", d.at.line, d.at.column, d.at.column + d.length);
  std::string text = d.summary;
  for (const std::string& more : {d.suggestion, d.help}) text += more.empty() ? "" : "\n" + more;
  std::string shown;
  for (std::string_view part : split(text, '\n')) shown += (shown.empty() ? "" : "\n") + escape_terminal(part);
  return fmt::format("::{} {}title={}::{}\n", d.severity == Severity::kError ? "error" : "warning", where,
                     escaped("pawl: " + d.code, true), escaped(shown, false));
}

// A fence that no run of backquotes in `text` closes.
std::string fence_for(const std::string& text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max<std::size_t>(3, longest + 1), '`');
}

}  // namespace

std::string github_annotations(const Error& error) {
  std::vector<Diagnostic> all = error.diagnostics;
  if (all.empty())
    all.push_back({.code = std::string(name_of(error.code)), .summary = error.text(), .help = error.hint});
  std::string out;
  for (const Diagnostic& d : all) out += annotation(d);
  return out;
}

std::string github_summary(const std::string& line, const std::string& text, int exit) {
  std::string body = fmt::format("$ pawl {}\n{}", escape_terminal(line), text);
  std::string fence = fence_for(body);
  return fmt::format("{}\n{}{}{}\n", fence, body, body.ends_with('\n') ? "" : "\n", fence) +
         (exit == 0 ? "" : fmt::format("exit code {}\n", exit)) + "\n";
}

void annotate_for_github(const Error& error) {
  if (is_github()) err(github_annotations(error));
}

void summarise_for_github(const std::string& line, const std::string& text, int exit) {
  std::string path = os::environment("GITHUB_STEP_SUMMARY").value_or("");
  if (!is_github() || path.empty()) return;
  // Other steps append to the same file, so it is not replaced as Pawl's own files are.
  std::ofstream(path, std::ios::app) << github_summary(line, text, exit);
}

}  // namespace pawl::cli

#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "format/json.h"
#include "format/yaml.h"
#include "os/file.h"

namespace pawl::cli {

namespace {

// Whether typing it again can help; nullopt where that depends.
std::optional<bool> again_helps(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTimeout:
    case ErrorCode::kUnavailable:
      return true;
    case ErrorCode::kIntegrity:
      return false;
    case ErrorCode::kNo:
    case ErrorCode::kUsage:
    case ErrorCode::kInvalid:
    case ErrorCode::kNotFound:
    case ErrorCode::kDenied:
    case ErrorCode::kPending:
    case ErrorCode::kConflict:
    case ErrorCode::kUnknown:
    case ErrorCode::kInterrupted:
      break;
  }
  return std::nullopt;
}

// What to do where nobody nearer knew.
std::string hint_of(const Error& error) {
  if (!error.hint.empty()) return error.hint;
  if (error.code == ErrorCode::kUnavailable)
    return "look at the network, its proxies, and the mirrors that are set: pawl config --origin";
  return error.code == ErrorCode::kTimeout ? "allow it more time: --timeout 5m" : "";
}

}  // namespace

std::string print_warning(const std::string& warning, const Terminal& t) {
  return paint(t.err_colour, Paint::kYellow, "warning:") + " " + escape_terminal(warning) + "\n";
}

std::string print_error(const Error& error, const Terminal& t) {
  std::string out = render_diagnostics(error.diagnostics);
  out += paint(t.err_colour, Paint::kRed, "error:") + " " + escape_terminal(error.message) + "\n";
  for (const std::string& frame : error.frames) out += "  while " + escape_terminal(frame) + "\n";
  if (std::string hint = hint_of(error); !hint.empty()) out += "help: " + escape_terminal(hint) + "\n";
  if (std::optional<bool> helps = again_helps(error.code))
    out += *helps ? "Trying again can help.\n" : "Trying again does not help.\n";
  return out;
}

namespace {

using format::Value;

// Where line `line` of the file starts, in bytes; nullopt where the file cannot be read now.
std::optional<std::uint64_t> line_start(const std::string& folder, const Diagnostic& d) {
  std::string path = d.file.starts_with('/') ? d.file : os::join_path(folder, d.file);
  Result<std::string> text = os::read_file(path);
  if (!text) return std::nullopt;
  std::size_t start = 0;
  for (std::uint32_t line = 1; line < d.at.line; ++line) {
    start = text->find('\n', start);
    if (start == std::string::npos) return std::nullopt;
    ++start;
  }
  return start;
}

Value place(format::Arena& arena, Position at, std::optional<std::uint64_t> start_of_line) {
  Value out = Value::map();
  out.set(arena, "line", Value::integer(std::uint64_t{at.line}));
  out.set(arena, "column", Value::integer(std::uint64_t{at.column}));
  if (start_of_line) out.set(arena, "byte", Value::integer(*start_of_line + at.column - 1));
  return out;
}

Value snippet(format::Arena& arena, const Diagnostic& d) {
  Value out = Value::map();
  out.set(arena, "context", Value::null());
  out.set(arena, "code", d.snippet);
  out.set(arena, "start_line", Value::integer(std::uint64_t{d.at.line}));
  out.set(arena, "highlight_start_offset", Value::integer(std::uint64_t{d.at.column} - 1));
  out.set(arena, "highlight_end_offset", Value::integer(std::uint64_t{d.at.column} - 1 + d.length));
  out.set(arena, "values", Value::list());
  return out;
}

Value diagnostic_value(format::Arena& arena, const Diagnostic& d, const std::string& folder) {
  Value out = Value::map();
  out.set(arena, "severity", d.severity == Severity::kError ? "error" : "warning");
  out.set(arena, "code", d.code);
  out.set(arena, "summary", d.summary);
  out.set(arena, "detail", d.suggestion);
  if (!d.file.empty() && d.at.line != 0) {
    std::optional<std::uint64_t> start = line_start(folder, d);
    Value range = Value::map();
    range.set(arena, "filename", d.file);
    range.set(arena, "start", place(arena, d.at, start));
    range.set(arena, "end", place(arena, {d.at.line, d.at.column + d.length}, start));
    out.set(arena, "range", range);
    out.set(arena, "snippet", snippet(arena, d));
  }
  out.set(arena, "help", d.help);
  return out;
}

// An error that is not a file's is one diagnostic without a place; what Pawl was doing is its detail.
Value world_value(format::Arena& arena, const Error& error) {
  std::string doing;
  for (const std::string& frame : error.frames) doing += (doing.empty() ? "while " : ", while ") + frame;
  Value out = diagnostic_value(
      arena,
      {.code = std::string(name_of(error.code)), .summary = error.message, .suggestion = doing, .help = hint_of(error)},
      "");
  if (std::optional<bool> helps = again_helps(error.code)) out.set(arena, "retry", Value::boolean(*helps));
  return out;
}

Value error_value(format::Arena& arena, const Error& error, const std::string& folder) {
  Value list = Value::list();
  std::uint64_t errors = error.diagnostics.empty() ? 1 : 0;
  if (error.diagnostics.empty()) list.push_back(arena, world_value(arena, error));
  for (const Diagnostic& d : error.diagnostics) {
    list.push_back(arena, diagnostic_value(arena, d, folder));
    errors += d.severity == Severity::kError ? 1 : 0;
  }
  Value out = Value::map();
  out.set(arena, "format_version", "1.0");
  out.set(arena, "valid", Value::boolean(false));
  out.set(arena, "error_count", Value::integer(errors));
  out.set(arena, "warning_count", Value::integer(std::uint64_t{list.size()} - errors));
  out.set(arena, "diagnostics", list);
  return out;
}

}  // namespace

std::string error_json(const Error& error, const std::string& folder) {
  format::Arena arena;
  return format::render_json_pretty(error_value(arena, error, folder));
}

std::string error_yaml(const Error& error, const std::string& folder) {
  format::Arena arena;
  return format::render_yaml(error_value(arena, error, folder), format::KeyOrder::kAsWritten);
}

std::string state_after_interruption(const api::StatusResponse& status, const std::string& environment) {
  for (const api::EnvironmentView& e : status.environments) {
    if (e.name != environment) continue;
    if (e.open.empty() && !e.degraded) return "nothing of it is open in " + environment + "; type it again";
    if (e.open.empty()) return environment + " is degraded; pawl retry " + environment;
    const api::PromotionView& open = e.open.back();
    std::string where = open.applied_at           ? "the head has moved and is unverified"
                        : open.phase == "waiting" ? "nothing was applied"
                                                  : "the head has not moved; what is applied so far stays";
    return fmt::format("promotion {} of {} is open: {}; type it again to go on, or pawl abort {}", open.number,
                       environment, where, environment);
  }
  return "nothing was recorded; type it again";
}

}  // namespace pawl::cli

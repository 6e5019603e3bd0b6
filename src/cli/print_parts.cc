#include "cli/print_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pawl::cli {

std::string ok(const Terminal& t, std::string_view word) { return paint(t.out_colour, Paint::kGreen, word); }
std::string bad(const Terminal& t, std::string_view word) { return paint(t.out_colour, Paint::kRed, word); }

std::string brief(const std::string& digest) {
  constexpr std::size_t kShown = 7 + 12;
  return digest.starts_with("sha256:") && digest.size() > kShown ? digest.substr(0, kShown) : escape_terminal(digest);
}

std::string next(const std::string& command) { return "Next: " + command + "\n"; }

std::string notes(const std::vector<std::string>& notes) {
  std::string out;
  for (const std::string& note : notes) out += "note: " + escape_terminal(note) + "\n";
  return out;
}

std::string sign(std::string_view change, const Terminal& t) {
  if (change == "added") return paint(t.out_colour, Paint::kGreen, "+");
  if (change == "removed") return paint(t.out_colour, Paint::kRed, "-");
  return paint(t.out_colour, Paint::kYellow, "~");
}

namespace {

std::string because(const std::string& cause) { return cause.empty() ? "" : "  (" + escape_terminal(cause) + ")"; }

std::string field_line(const api::FieldView& field) {
  std::string what = fmt::format("{} -> {}", escape_terminal(field.before), escape_terminal(field.after));
  if (field.change == "added") what = "+ " + escape_terminal(field.after);
  if (field.change == "removed") what = "- " + escape_terminal(field.before);
  return fmt::format("    {}  {}{}\n", escape_terminal(field.path), what, because(field.cause));
}

}  // namespace

std::string changes(const api::ChangesView& changes, const Terminal& t) {
  std::string out;
  for (const api::ObjectView& object : changes.objects) {
    std::string layer = object.layer.empty() ? "" : "  [" + object.layer + "]";
    out += fmt::format("{} {}{}{}\n", sign(object.change, t), escape_terminal(object.object), layer,
                       because(object.cause));
    for (const api::FieldView& field : object.fields) out += field_line(field);
  }
  return out;
}

std::string counts(const api::ChangesView& c) {
  return fmt::format("{} added, {} changed, {} removed.", c.added, c.changed, c.removed);
}

std::string gate_lines(const std::string& head, const std::vector<api::GateView>& gates, bool only_open) {
  std::vector<std::vector<std::string>> rows;
  for (const api::GateView& gate : gates) {
    if (only_open && gate.state == "passed") continue;
    std::string who = gate.who.empty() ? "" : "(" + gate.who + ")";
    rows.push_back({rows.empty() ? head : std::string(head.size(), ' '), gate.gate,
                    gate.state == "passed" ? "ok" : gate.state, gate.found, who});
  }
  if (rows.empty()) return only_open ? "" : head + "none\n";
  return table(rows);
}

std::size_t passed(const std::vector<api::CheckView>& checks) {
  return static_cast<std::size_t>(
      std::count_if(checks.begin(), checks.end(), [](const api::CheckView& c) { return c.state == "passed"; }));
}

std::string when(Time time) {
  std::string text = render_time(time);
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

}  // namespace pawl::cli

#include "cli/print_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/text.h"

namespace pawl::cli {

std::string ok(const Terminal& t, std::string_view word) {
  return paint(t.out_colour, Paint::kGreen, (t.symbols ? "✓ " : "") + std::string(word));
}
std::string bad(const Terminal& t, std::string_view word) {
  return paint(t.out_colour, Paint::kRed, (t.symbols ? "✗ " : "") + std::string(word));
}

std::string brief(const std::string& digest) {
  constexpr std::size_t kShown = 7 + 12;
  return digest.starts_with("sha256:") && digest.size() > kShown ? digest.substr(0, kShown) : escape_terminal(digest);
}

std::string next(const std::string& command) { return closing("", command); }

std::string closing(const std::string& sentence, const std::string& command) {
  constexpr std::size_t kColumn = 46;
  std::string shown = escape_terminal(sentence);
  std::string pasted = escape_terminal(command);
  if (shown.size() >= kColumn) return fmt::format("{}\n{:>{}}Next: {}\n", shown, "", kColumn, pasted);
  return fmt::format("{:<{}}Next: {}\n", shown, kColumn, pasted);
}

std::string notes(const std::vector<std::string>& notes) {
  std::string out;
  for (const std::string& note : notes) out += "note: " + escape_terminal(note) + "\n";
  return out;
}

std::string common_namespace(const std::vector<api::ObjectView>& objects) {
  std::string only;
  for (const api::ObjectView& object : objects) {
    std::vector<std::string_view> parts = split(object.object, '/');
    if (parts.size() < 3) continue;
    if (!only.empty() && only != parts[0]) return {};
    only = parts[0];
  }
  return only;
}

std::string short_name(const std::string& object, const std::string& space) {
  bool inside = !space.empty() && object.starts_with(space + "/");
  return inside ? object.substr(space.size() + 1) : object;
}

namespace {

Cell sign(std::string_view change) {
  if (change == "added") return {"+", Paint::kGreen};
  if (change == "removed") return {"-", Paint::kRed};
  return {"~", Paint::kYellow};
}

// What two image references have in common in front is left out: "...@sha256:9f2c41d00b12",
// "...:1.4.0@sha256:9f2c41d00b12". Digests are cut.
std::string shown_value(const std::string& value, const std::string& other) {
  constexpr std::string_view kMark = "@sha256:";
  constexpr std::size_t kShown = 12;
  std::size_t at = value.find(kMark);
  if (at == std::string::npos) return value;
  std::string digest = value.substr(at, kMark.size() + kShown);
  if (other.starts_with(value.substr(0, at + kMark.size()))) return "..." + digest;
  std::size_t tag = value.rfind(':', at);
  bool has_tag = tag != std::string::npos && value.find('/', tag) > at;
  bool same_name = has_tag && other.starts_with(value.substr(0, tag + 1));
  return (same_name ? "..." + value.substr(tag, at - tag) : value.substr(0, at)) + digest;
}

std::string from_to(const api::FieldView& field) {
  if (field.change == "added") return "-> " + shown_value(field.after, "");
  if (field.change == "removed") return shown_value(field.before, "") + " ->";
  return shown_value(field.before, field.after) + " -> " + shown_value(field.after, field.before);
}

Cell origin_cell(const std::string& origin) { return {origin.empty() ? "" : "(" + origin + ")", Paint::kDim}; }

}  // namespace

std::vector<Row> change_rows(const api::ChangesView& changes) {
  std::string space = common_namespace(changes.objects);
  std::vector<Row> rows;
  for (const api::ObjectView& object : changes.objects) {
    Cell what = sign(object.change);
    what.text += " " + short_name(object.object, space);
    if (object.fields.empty()) rows.push_back({what, object.detail, "", origin_cell(object.origin)});
    for (const api::FieldView& field : object.fields) {
      rows.push_back({what, field.path, from_to(field), origin_cell(field.origin)});
      what.text.clear();
    }
  }
  return rows;
}

std::string counts(const api::ChangesView& c) {
  return fmt::format("{} added, {} changed, {} deleted.", c.added, c.changed, c.removed);
}

namespace {

std::string who(const api::GateView& gate) { return gate.who.empty() ? "" : "(" + gate.who + ")"; }

std::string detail_lines(const std::vector<api::GateView>& gates) {
  std::string out;
  for (const api::GateView& gate : gates) {
    for (const std::string& detail : gate.details) out += "  " + gate.gate + ": " + escape_terminal(detail) + "\n";
  }
  return out;
}

}  // namespace

std::string gate_lines(const std::vector<api::GateView>& gates) {
  if (gates.empty()) return "Gates: none\n";
  bool open = std::any_of(gates.begin(), gates.end(), [](const auto& gate) { return gate.state != "passed"; });
  std::string line;
  std::vector<Row> rows;
  for (const api::GateView& gate : gates) {
    bool fine = gate.state == "passed";
    line += (line.empty() ? "Gates: " : "   ") + gate.gate + " ok (" + gate.found + ")";
    Cell state(fine ? "ok" : gate.state, fine ? Paint::kGreen : gate.state == "waiting" ? Paint::kYellow : Paint::kRed);
    rows.push_back({(rows.empty() ? "Gates: " : "       ") + gate.gate, state, gate.found, who(gate)});
  }
  return (open ? table(rows) : escape_terminal(line) + "\n") + detail_lines(gates);
}

std::string open_gate_lines(const std::string& head, const std::vector<api::GateView>& gates) {
  std::vector<Row> rows;
  for (const api::GateView& gate : gates) {
    if (gate.state == "passed") continue;
    std::string state = gate.state == "waiting" ? "" : gate.state + ": ";
    std::string name = (rows.empty() ? head : std::string(head.size(), ' ')) + " " + gate.gate;
    rows.push_back({name, state + gate.found + (gate.who.empty() ? "" : " " + who(gate))});
  }
  return table(rows) + detail_lines(gates);
}

std::size_t passed(const std::vector<api::CheckView>& checks) {
  return static_cast<std::size_t>(
      std::count_if(checks.begin(), checks.end(), [](const api::CheckView& c) { return c.state == "passed"; }));
}

namespace {

std::tm local(Time time) {
  std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::string when(Time time) {
  std::tm t = local(time);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min);
}

std::string when(Time time, Time now) {
  constexpr auto kWeek = std::chrono::days(6);
  if (time > now || now - time >= kWeek) return when(time);
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  std::tm t = local(time);
  return fmt::format("{} {:02}:{:02}", kDays.at(static_cast<std::size_t>(t.tm_wday)), t.tm_hour, t.tm_min);
}

}  // namespace pawl::cli

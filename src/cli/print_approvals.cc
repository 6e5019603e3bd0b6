#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"

// What `approve`, `reject` and `approvals` print.

namespace pawl::cli {

namespace {

std::string label_of(const std::string& version, std::uint64_t promotion) {
  std::string name = version.empty() ? "" : " of " + escape_terminal(version);
  return fmt::format("promotion {}{}", promotion, name);
}

bool all_passed(const std::vector<api::GateView>& gates) {
  for (const api::GateView& gate : gates) {
    if (gate.state != "passed") return false;
  }
  return true;
}

std::string layers_of(const api::ApproveResponse& r) {
  std::string out;
  for (const std::string& layer : r.layers) out += " --layer " + layer;
  return out;
}

// What drives it on once it is asked for again; "" where that cannot be typed: layers that come of no one release.
std::string command_of(const api::ApproveResponse& r) {
  if (r.version.empty() && !(r.kind == "rollback" && r.layers.empty())) return "";
  if (r.kind == "promote") return fmt::format("pawl promote {} --to {}{}", r.version, r.environment, layers_of(r));
  const std::string& to = r.version.empty() ? r.bundle : r.version;
  return fmt::format("pawl rollback {} --to {}{} --reason \"...\"", r.environment, to, layers_of(r));
}

// What goes on after the answer. An approval drives nothing.
std::string way_on(const api::ApproveResponse& r) {
  std::string look = fmt::format("pawl describe promotion {}", r.promotion);
  if (r.kind.empty()) return r.verdict == "rejected" ? "pawl help reject" : "pawl help approve";
  if (r.verdict == "rejected") return look;
  std::string command = command_of(r);
  if (all_passed(r.gates)) return command.empty() ? look : command;
  return r.kind == "promote" && !r.version.empty() ? fmt::format("pawl why {} {}", r.version, r.environment) : look;
}

std::string sentence(const api::ApproveResponse& r) {
  if (r.dry_run) return "Nothing was done (--dry-run).";
  if (r.existed) return "It was recorded before.";
  if (r.verdict == "rejected") return "Nothing was applied.";
  return all_passed(r.gates) ? "Every gate lets it in; somebody must go on." : "It waits on.";
}

std::string limited(const api::ApproveResponse& r) { return r.expires ? ", until " + render_time(*r.expires) : ""; }

std::vector<Row> rows_of(const api::PromotionApprovalsView& p) {
  std::vector<Row> rows;
  for (const api::ApprovalView& a : p.approvals) {
    bool fine = a.counts && a.verdict == "approved";
    Cell state(a.counts ? a.verdict : a.verdict + ", void", fine ? Paint::kGreen : Paint::kRed);
    std::string until = a.expires ? "until " + render_time(*a.expires) : "";
    rows.push_back({"  " + a.person, state, when(a.given), until, a.comment, a.reason});
  }
  return rows;
}

}  // namespace

std::string print(const api::ApproveResponse& r, const Terminal& t) {
  if (!r.statement.empty()) return r.statement + "\n";
  std::string said = r.comment.empty() ? "" : ": " + escape_terminal(r.comment);
  std::string who = r.person.empty() ? "" : " by " + escape_terminal(r.person);
  std::string word = r.verdict == "rejected" ? bad(t, r.verdict) : ok(t, r.verdict);
  std::string out = fmt::format("{} {} to {}{}{}{}\n", word, label_of(r.version, r.promotion),
                                escape_terminal(r.environment), who, limited(r), said);
  if (!r.gates.empty() && r.verdict != "rejected") out += gate_lines(r.gates);
  return out + closing(sentence(r), way_on(r));
}

std::string print(const api::ApprovalsResponse& r, const Terminal& t) {
  if (!r.request.empty()) return r.request;
  std::string out;
  for (const api::PromotionApprovalsView& p : r.promotions) {
    std::string why = p.request_reason.empty() ? "" : ": " + escape_terminal(p.request_reason);
    out += fmt::format("{} to {}, asked for by {}{}\n", label_of(p.version, p.number), escape_terminal(p.environment),
                       escape_terminal(p.requester), why);
    out += table(rows_of(p), t.out_colour);
    if (!p.gates.empty()) out += gate_lines(p.gates);
  }
  if (r.promotions.empty()) return closing("Nothing waits for an approval.", "pawl status");
  return out + next(fmt::format("pawl approve {} --comment \"...\"", r.promotions[0].number));
}

}  // namespace pawl::cli

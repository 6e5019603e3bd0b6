#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/print.h"
#include "cli/print_parts.h"

// `status`, `why` and `history`: where things stand.

namespace pawl::cli {

namespace {

std::string age(Time since, Time now) { return since < now ? render_age(now - since) : render_age(Duration{}); }

Cell head_cell(const api::EnvironmentView& e, Time now) {
  if (!e.head) return e.degraded ? Cell("- degraded", Paint::kRed) : Cell("-");
  std::string text = e.head->version.empty() ? brief(e.head->bundle) : e.head->version;
  text += (e.head->verified ? " ok " : " unverified ") + age(e.head->since, now);
  if (e.degraded) text += ", degraded";
  for (const api::PromotionView& open : e.open) text += fmt::format(", promotion {} {}", open.number, open.phase);
  if (!e.hold.empty()) text += ", held";
  if (!e.freeze.empty()) text += ", frozen";
  bool fine = e.head->verified && !e.degraded;
  return {text, fine ? Paint::kGreen : Paint::kRed};
}

// "drift: 1 object", with the environments' names where there are several.
std::string drift_words(const std::vector<api::EnvironmentView>& environments) {
  std::string out;
  for (const api::EnvironmentView& e : environments) {
    if (e.drifted.value_or(0) == 0) continue;
    out += (out.empty() ? "drift: " : ", ") + e.name + " " + counted(*e.drifted, "object");
  }
  return out;
}

}  // namespace

std::string print(const api::StatusResponse& r, const Terminal& t) {
  Row names = {"PROJECT"};
  Row heads = {r.project};
  for (const api::EnvironmentView& e : r.environments) {
    names.emplace_back(e.name);
    heads.push_back(head_cell(e, r.now));
  }
  heads.emplace_back(drift_words(r.environments), Paint::kYellow);
  std::string out = table({names, heads}, t.out_colour, 3) + notes(r.notes);
  for (std::size_t i = 1; i < r.next.size(); ++i) out += escape_terminal(r.next[i].because) + ".\n";
  if (r.next.empty()) return out + "Everything is where it can be.\n";
  return out + closing(r.next[0].because + ".", r.next[0].command);
}

namespace {

std::string way_on(const api::WhyResponse& r) {
  if (r.answer == "it is there") return "pawl status";
  if (r.verdict == "passed") return fmt::format("pawl promote {} --to {}", r.release, r.environment);
  if (r.verdict == "waiting") return fmt::format("pawl promote {} --to {} --wait", r.release, r.environment);
  return fmt::format("pawl plan {} --to {}", r.release, r.environment);
}

}  // namespace

std::string print(const api::WhyResponse& r, const Terminal&) {
  std::string out = fmt::format("{} in {}: {}\n", escape_terminal(r.release), r.environment, r.answer);
  out += gate_lines(r.gates);
  for (const std::string& fact : r.facts) out += "  " + escape_terminal(fact) + "\n";
  return out + next(way_on(r));
}

std::string print(const api::HistoryResponse& r, const Terminal& t) {
  if (r.visits.empty())
    return closing(fmt::format("Nothing was in {} yet.", r.environment), "pawl plan --to " + r.environment);
  std::vector<Row> rows = {{"FROM", "TO", "RELEASE", "BUNDLE", "BY", "OUTCOME", "WHO", "WHY"}};
  for (const api::VisitView& v : r.visits) {
    Paint colour = v.outcome == "Succeeded" ? Paint::kGreen : v.outcome == "Failed" ? Paint::kRed : Paint::kNone;
    rows.push_back({when(v.from),
                    v.to ? when(*v.to) : "now",
                    v.version.empty() ? v.serial : v.version,
                    brief(v.bundle),
                    fmt::format("{} {}", v.kind, v.promotion),
                    {v.outcome, colour},
                    v.requester,
                    v.reason});
  }
  return table(rows, t.out_colour);
}

}  // namespace pawl::cli

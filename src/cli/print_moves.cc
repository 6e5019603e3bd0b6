#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"

// What the verbs that move something print.

namespace pawl::cli {

namespace {

std::string label(const api::PromotionView& p) {
  return escape_terminal(!p.version.empty() ? p.version : !p.serial.empty() ? p.serial : brief(p.bundle));
}

std::string what_of(const api::PromotionView& p) {
  if (p.kind == "rollback" || p.kind == "reconcile") return p.kind;
  return "promotion";
}

std::string checks_of(const api::PromotionView& p) {
  return p.checks.empty() ? "no checks" : fmt::format("{} of {} checks", passed(p.checks), p.checks.size());
}

std::string past_of(const api::PromoteResponse& r) {
  if (!r.ran_from || !r.ran_to) return "as it was";
  Time now = r.promotion.applied_at.value_or(*r.ran_to);
  return fmt::format("as it ran from {} to {}", when(*r.ran_from, now), when(*r.ran_to, now));
}

std::string print_done(const api::PromoteResponse& r, const Terminal& t) {
  const api::PromotionView& p = r.promotion;
  std::string applied = fmt::format("{} applied, {}.", counted(r.objects, "object"), checks_of(p));
  if (p.kind == "rollback") {
    std::string from = escape_terminal(r.from_version);
    return fmt::format("{} {}: {} -> {}, {} {}. {}\n", ok(t, "ok"), p.environment, from, label(p), brief(r.bundle),
                       past_of(r), applied) +
           closing("Automatic promotion is held.",
                   r.from_version.empty() ? "pawl status" : fmt::format("pawl why {} {}", from, p.environment));
  }
  std::string how = p.kind == "reconcile" ? " is restored" : "";
  return fmt::format("{} {}: {}{}, {}.\n", ok(t, "ok"), p.environment, label(p), how, brief(r.bundle)) +
         closing(applied, "pawl status");
}

std::string print_would(const api::PromoteResponse& r) {
  const api::PromotionView& p = r.promotion;
  if (p.number == 0) {
    std::string from = r.from_version.empty() ? "" : escape_terminal(r.from_version) + " -> ";
    return fmt::format("{}: {}{}, {}{}\n", p.environment, from, escape_terminal(r.version), brief(r.bundle),
                       r.ran_from ? " " + past_of(r) : "") +
           closing("Nothing was done (--dry-run).", "pawl status");
  }
  return fmt::format("It would be promotion {} of {}: {}, {}.\n", p.number, p.environment, label(p),
                     p.outcome.empty() ? p.phase : p.outcome) +
         closing("Nothing was done (--dry-run).", fmt::format("pawl describe promotion {}", p.number));
}

// What an end that is no success leaves.
std::string left_by(const api::PromotionView& p) {
  if (p.applied_at) return "The head moved and is unverified.";
  return p.started_at ? p.environment + " is degraded: the head did not move." : "Nothing was applied.";
}

std::string way_on(const api::PromoteResponse& r) {
  const api::PromotionView& p = r.promotion;
  if (r.answer == "blocked") return fmt::format("pawl why {} {}", label(p), p.environment);
  if (r.answer == "failed" && p.applied_at) return fmt::format("pawl rollback {} --reason \"...\"", p.environment);
  if (r.answer == "failed" || r.answer == "errored") return fmt::format("pawl retry {}", p.environment);
  return "pawl status";
}

std::string print_end(const api::PromoteResponse& r, const Terminal& t) {
  const api::PromotionView& p = r.promotion;
  std::string why = p.reason.empty() ? "" : ": " + escape_terminal(p.reason);
  std::string out =
      fmt::format("{} {} {} of {} to {}{}\n", bad(t, r.answer), what_of(p), p.number, label(p), p.environment, why);
  if (r.answer == "blocked") out += open_gate_lines("by:", p.gates);
  return out + closing(left_by(p), way_on(r));
}

std::string print_answer(const api::PromoteResponse& r, const Terminal& t) {
  const api::PromotionView& p = r.promotion;
  if (r.answer == "done") return print_done(r, t);
  if (r.answer == "would") return print_would(r);
  if (r.answer == "nothing")
    return fmt::format("{} {}: {} is there and verified.\n", ok(t, "ok"), p.environment, label(p)) +
           closing("Nothing was to be done.", "pawl status");
  if (r.answer == "waiting")
    return open_gate_lines("waiting:", p.gates) + closing(fmt::format("Promotion {} is waiting.", p.number),
                                                          fmt::format("pawl why {} {}", label(p), p.environment));
  return print_end(r, t);
}

std::string trouble(const api::PromotionView& p, const Terminal& t) {
  std::string out;
  for (const api::CheckView& check : p.checks) {
    if (check.state != "passed")
      out += fmt::format("  check {}: {} {}\n", escape_terminal(check.name), bad(t, check.state),
                         escape_terminal(check.reason));
  }
  for (const std::string& path : p.overwritten) out += "  overwrote a hand edit: " + escape_terminal(path) + "\n";
  return out;
}

}  // namespace

std::string print(const api::PromoteResponse& r, const Terminal& t) {
  return notes(r.notes) + trouble(r.promotion, t) + print_answer(r, t);
}

std::string print(const api::PlanResponse& r, const Terminal& t) {
  std::string from = r.from.empty()           ? "nothing"
                     : r.from_version.empty() ? brief(r.from)
                                              : escape_terminal(r.from_version);
  std::string out = fmt::format("{}: {} -> {}, {}\n", r.environment, from, escape_terminal(r.version), brief(r.bundle));
  out += table(change_rows(r.changes), t.out_colour, 3) + gate_lines(r.gates) + notes(r.notes);
  if (r.verdict != "passed" && r.verdict != "waiting")
    return out + closing(counts(r.changes), fmt::format("pawl why {} {}", r.version, r.environment));
  std::string layers;
  for (const std::string& layer : r.layers) layers += " --layer " + layer;
  return out + closing(counts(r.changes),
                       fmt::format("pawl promote {} --to {}{} --plan {}", r.version, r.environment, layers, r.plan));
}

std::string print(const api::FreezeResponse& r, const Terminal&) {
  std::string scope = r.environment.empty() ? "Every environment" : r.environment;
  std::string is = r.dry_run ? "would be" : "is";
  std::string until = r.until ? fmt::format(" until {}: {}", render_time(*r.until), escape_terminal(r.reason)) : ".";
  std::string out = fmt::format("{} {} {}{}\n", scope, is, r.frozen ? "frozen" : "frozen no more", until);
  if (r.dry_run) return out + closing("Nothing was done (--dry-run).", "pawl status");
  std::string lift = r.environment.empty() ? "pawl freeze --all --off" : "pawl freeze " + r.environment + " --off";
  return out + next(r.frozen ? lift : "pawl status");
}

std::string print(const api::HoldResponse& r, const Terminal&) {
  std::string command = r.held ? fmt::format("pawl hold {} --off", r.environment) : "pawl status";
  if (r.dry_run)
    return fmt::format("{} would be {}.\n", r.environment, r.held ? "held" : "released") +
           closing("Nothing was done (--dry-run).", "pawl status");
  return closing(r.environment + (r.held ? ": automatic promotion is held." : ": automatic promotion may go on."),
                 command);
}

std::string print(const api::ReleaseResponse& r, const Terminal& t) {
  std::string out = notes(r.notes);
  std::string serial = r.release.serial == "r0" ? "" : " (" + r.release.serial + ")";
  out += fmt::format("{} release {}{} {}{}\n", ok(t, "ok"), escape_terminal(r.release.label()), serial,
                     brief(r.release.digest), r.existed ? ", the same content as before" : "");
  std::vector<Row> rows;
  for (const api::ReleasedBundleView& b : r.bundles) {
    rows.push_back({"  " + b.environment, brief(b.digest), counted(b.objects, "object"), counted(b.layers, "layer"),
                    b.unchanged ? "as it is there now" : ""});
  }
  return out + table(rows) + next("pawl status");
}

std::string print(const api::LockResponse& r, const Terminal& t) {
  std::vector<Row> rows;
  for (const api::LockChangeView& c : r.changes) {
    Cell sign = c.change == "added"     ? Cell("+", Paint::kGreen)
                : c.change == "removed" ? Cell("-", Paint::kRed)
                                        : Cell("~", Paint::kYellow);
    std::string before = c.before.empty() ? "" : brief(c.before) + " ";
    sign.text += " " + c.name;
    rows.push_back({sign, c.kind, before + (c.after.empty() ? "->" : "-> " + brief(c.after))});
  }
  std::string out = table(rows, t.out_colour, 3);
  out += notes(r.notes);
  if (r.stale)
    return out + bad(t, "stale") + "\n" +
           closing("pawl.lock is not what the world says now.", "pawl lock --update '*'");
  std::string locked = fmt::format("{}, {} locked{}.", counted(r.images, "image"), counted(r.sources, "source"),
                                   r.changes.empty() ? "; nothing changed" : "");
  return out + closing(locked, "pawl release VERSION");
}

std::string print(const api::InitResponse& r, const Terminal& t) {
  std::string out;
  if (r.existed) out += "pawl.yaml is there already and was left alone.\n";
  for (const std::string& guess : r.guesses) out += escape_terminal(guess) + "\n";
  for (const std::string& file : r.written) out += ok(t, "wrote") + " " + escape_terminal(file) + "\n";
  if (r.written.empty() && !r.existed) out += r.project_file;
  return out + next("pawl release VERSION");
}

std::string print(const api::ApplyResponse& r, const Terminal& t) {
  if (!r.changed) return closing("The configuration of pawl.yaml is in force.", "pawl status");
  std::string out;
  for (const std::string& line : r.changes) out += escape_terminal(line) + "\n";
  return out + fmt::format("{} configuration {}\n", ok(t, "ok"), brief(r.configuration)) + next("pawl status");
}

}  // namespace pawl::cli

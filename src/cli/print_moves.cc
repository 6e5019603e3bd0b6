#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"

// What the verbs that move something print.

namespace pawl::cli {

namespace {

std::string answer_line(const api::PromoteResponse& r, const Terminal& t) {
  const api::PromotionView& p = r.promotion;
  std::string what = p.kind == "rollback" ? "rollback" : p.kind == "reconcile" ? "reconcile" : "promotion";
  std::string checks =
      p.checks.empty() ? "no checks" : fmt::format("{} of {} checks", passed(p.checks), p.checks.size());
  std::string label = p.version.empty() ? brief(r.bundle) : p.version;
  if (r.answer == "done" && p.kind == "rollback") {
    return fmt::format("{} {}: {} -> {}, {} as it was. {} objects applied, {}.\nAutomatic promotion is held.\n",
                       ok(t, "ok"), p.environment, r.from_version, label, brief(r.bundle), r.objects, checks);
  }
  if (r.answer == "done")
    return fmt::format("{} {}: {}, {}. {} objects applied, {}.\n", ok(t, "ok"), p.environment, label, brief(r.bundle),
                       r.objects, checks);
  if (r.answer == "nothing")
    return fmt::format("{} {}: {} is there and verified; nothing to do.\n", ok(t, "ok"), p.environment, label);
  if (r.answer == "would")
    return fmt::format("{} would go to {}: {}. Nothing was done (--dry-run).\n", label, p.environment, brief(r.bundle));
  if (r.answer == "waiting")
    return fmt::format("{}\nPromotion {} is waiting.\n", trim(gate_lines("waiting: ", p.gates, true)), p.number);
  if (r.answer == "aborted")
    return fmt::format("{} of {} was aborted{}\n", what, p.environment,
                       p.applied_at   ? ": the head had moved and is unverified."
                       : p.started_at ? ": it was half applied."
                                      : "; nothing was applied.");
  std::string where = p.applied_at   ? "The head moved and is unverified."
                      : p.started_at ? p.environment + " is degraded: the head did not move."
                                     : "Nothing was applied.";
  return fmt::format("{} {} {} to {}: {}\n{}\n", bad(t, r.answer), what, p.number, p.environment,
                     escape_terminal(p.reason), where);
}

std::string next_line(const api::PromoteResponse& r) {
  const api::PromotionView& p = r.promotion;
  std::string label = p.version.empty() ? p.serial : p.version;
  if (r.answer == "waiting" || r.answer == "blocked") return fmt::format("pawl why {} {}", label, p.environment);
  if (r.answer == "failed" && p.applied_at) return fmt::format("pawl rollback {} --reason \"...\"", p.environment);
  if (r.answer == "failed" || r.answer == "errored") return fmt::format("pawl retry {}", p.environment);
  if (r.answer == "done" && p.kind == "rollback") return fmt::format("pawl history {}", p.environment);
  return "pawl status";
}

}  // namespace

std::string print(const api::PromoteResponse& r, const Terminal& t) {
  std::string out = notes(r.notes) + answer_line(r, t);
  for (const api::CheckView& check : r.promotion.checks) {
    if (check.state != "passed")
      out += fmt::format("  check {}: {} {}\n", check.name, bad(t, check.state), escape_terminal(check.reason));
  }
  for (const std::string& path : r.promotion.overwritten)
    out += "  overwrote a hand edit: " + escape_terminal(path) + "\n";
  return out + next(next_line(r));
}

std::string print(const api::PlanResponse& r, const Terminal& t) {
  std::string from = r.from.empty() ? "nothing" : r.from_version.empty() ? brief(r.from) : r.from_version;
  std::string out = fmt::format("{}: {} -> {}  {}\n", r.environment, from, r.version, brief(r.bundle));
  out += changes(r.changes, t);
  out += gate_lines("Gates: ", r.gates, false);
  out += notes(r.notes);
  out += counts(r.changes) + "\n";
  std::string layers;
  for (const std::string& layer : r.layers) layers += " --layer " + layer;
  return out + next(fmt::format("pawl promote {} --to {}{} --plan {}", r.version, r.environment, layers, r.plan));
}

std::string print(const api::HoldResponse& r, const Terminal&) {
  if (!r.held)
    return fmt::format("{} is released: automatic promotion may go on.\n", r.environment) + next("pawl status");
  return fmt::format("{} is held: automatic promotion stops.\n", r.environment) +
         next(fmt::format("pawl hold {} --off", r.environment));
}

std::string print(const api::ReleaseResponse& r, const Terminal& t) {
  std::string out = notes(r.notes);
  out += fmt::format("{} release {} ({}) {}{}\n", ok(t, "ok"), r.release.label(), r.release.serial,
                     brief(r.release.digest), r.existed ? ", the same content as before" : "");
  std::vector<std::vector<std::string>> rows;
  for (const api::ReleasedBundleView& b : r.bundles) {
    rows.push_back({"  " + b.environment, brief(b.digest), fmt::format("{} objects", b.objects),
                    fmt::format("{} layers", b.layers), b.unchanged ? "as it is there now" : ""});
  }
  return out + table(rows) + next("pawl status");
}

std::string print(const api::LockResponse& r, const Terminal& t) {
  std::string out = notes(r.notes);
  for (const api::LockChangeView& c : r.changes) {
    std::string from = c.before.empty() ? "" : brief(c.before) + " ";
    std::string to = c.after.empty() ? "" : (c.before.empty() ? "" : "-> ") + brief(c.after);
    out += fmt::format("{} {} {}  {}{}\n", sign(c.change, t), c.kind, escape_terminal(c.name), from, to);
  }
  if (r.stale)
    return out + bad(t, "stale") + ": pawl.lock is not what the world says now\n" + next("pawl lock --update '*'");
  out += fmt::format("{} {} images, {} sources locked{}\n", ok(t, "ok"), r.images, r.sources,
                     r.changes.empty() ? "; nothing changed" : "");
  return out + next("pawl release VERSION");
}

std::string print(const api::InitResponse& r, const Terminal& t) {
  std::string out;
  if (r.existed) out += "pawl.yaml is there already and was left alone.\n";
  for (const std::string& guess : r.guesses) out += escape_terminal(guess) + "\n";
  for (const std::string& file : r.written) out += ok(t, "wrote") + " " + file + "\n";
  if (r.written.empty() && !r.existed) out += r.project_file;
  return out + next("pawl release VERSION");
}

std::string print(const api::ApplyResponse& r, const Terminal& t) {
  if (!r.changed) return "The configuration in force is the one in pawl.yaml; nothing to do.\n";
  std::string out;
  for (const std::string& line : r.changes) out += escape_terminal(line) + "\n";
  return out + fmt::format("{} configuration {}\n", ok(t, "ok"), brief(r.configuration)) + next("pawl status");
}

}  // namespace pawl::cli

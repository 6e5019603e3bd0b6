#include "core/plan/run.h"

#include <algorithm>

#include "base/strong.h"

namespace pawl::plan {

std::string describe(const Effect& effect) {
  return std::visit(overloaded{[](const ClaimTarget&) { return std::string("claiming the target"); },
                               [](const StageLayer& e) { return "applying layer " + e.layer.str(); },
                               [](const PublishBundle&) { return std::string("publishing the bundle"); },
                               [](const ReadBack&) { return std::string("reading the target back"); },
                               [](const RunCheck& e) { return "running check " + e.check; }},
                    effect);
}

namespace {

// A "no" of the target fails the promotion; everything else means that we could not tell.
Outcome outcome_of(const Error& error) {
  bool no = error.code == ErrorCode::kNo || error.code == ErrorCode::kInvalid || error.code == ErrorCode::kDenied;
  return no ? Outcome::kFailed : Outcome::kErrored;
}

// What a reason may hold of what others wrote; the whole is in the check's record. Cut between characters.
std::string shortened(std::string text) {
  constexpr std::size_t kMost = 4096;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return text.substr(0, end) + " ...";
}

Event finish(const Run& run, Outcome outcome, std::string reason) {
  PromotionFinished event{run.number, run.attempt, run.epoch, outcome, shortened(std::move(reason)), {}, std::nullopt};
  if (outcome == Outcome::kSucceeded) event.checks = run.checks_digest;
  return event;
}

void issue(Run& run, Step& step, Effect effect) {
  if (run.issued.insert(effect).second) step.effects.push_back(std::move(effect));
}

void stage_ready_layers(Run& run, Step& step) {
  for (const RunLayer& layer : run.layers) {
    bool ready = std::all_of(layer.depends_on.begin(), layer.depends_on.end(), [&](const model::LayerName& needed) {
      bool elsewhere =
          std::none_of(run.layers.begin(), run.layers.end(), [&](const auto& l) { return l.name == needed; });
      return elsewhere || run.staged.contains(needed);
    });
    if (ready) issue(run, step, StageLayer{layer.name});
  }
}

Step next_while_running(Run& run) {
  Step step;
  if (!run.claimed) {
    issue(run, step, ClaimTarget{});
  } else if (run.holds_bundle && !run.read_back) {
    issue(run, step, ReadBack{});  // applied before a crash? look before writing again
  } else if (run.read_back == true) {
    bool recovered = run.resumed && !run.published;
    step.entries.push_back(PromotionApplied{run.number, run.attempt, run.epoch, run.overwritten, recovered});
    run.phase = Phase::kApplied;
  } else if (run.staged.size() < run.layers.size()) {
    stage_ready_layers(run, step);
  } else if (!run.published) {
    issue(run, step, PublishBundle{});
  } else {
    issue(run, step, ReadBack{});
  }
  return step;
}

std::string reasons(const Run& run, bool errored) {
  std::string out;
  for (const auto& [name, answer] : run.answers) {
    if (answer.passed || answer.errored != errored) continue;
    out += (out.empty() ? "check " : "; check ") + name + ": " + answer.reason;
  }
  return out;
}

Step next_while_checking(Run& run) {
  Step step;
  for (const std::string& check : run.checks) {
    if (!run.answers.contains(check)) issue(run, step, RunCheck{check});
  }
  if (run.answers.size() < run.checks.size()) return step;
  std::string failed = reasons(run, false);
  std::string errored = reasons(run, true);
  if (!failed.empty())
    step.entries.push_back(finish(run, Outcome::kFailed, failed));
  else if (!errored.empty())
    step.entries.push_back(finish(run, Outcome::kErrored, errored));
  else
    step.entries.push_back(finish(run, Outcome::kSucceeded, ""));
  run.phase = Phase::kFinished;
  step.finished = true;
  return step;
}

Step next_after_failure(Run& run) {
  Step step{.finished = true};
  const Error& error = run.failure->error;
  bool goes_on_elsewhere = run.failure->fenced || error.code == ErrorCode::kInterrupted;
  if (!goes_on_elsewhere) {
    step.entries.push_back(finish(run, outcome_of(error), describe(run.failure->effect) + ": " + error.text()));
    run.phase = Phase::kFinished;
  }
  return step;
}

void note_read_back(Run& run, const ReadBackDone& done) {
  if (done.matches) {
    run.read_back = true;
  } else if (run.published) {
    run.failure = EffectFailed{
        ReadBack{}, Error(ErrorCode::kUnknown, "the target does not hold what was applied: " + done.difference)};
  } else {
    run.read_back = false;  // a receipt whose bytes were changed since: apply again
    run.issued.erase(Effect(ReadBack{}));
  }
}

}  // namespace

Step next(Run& run) {
  if (run.failure) return next_after_failure(run);
  switch (run.phase) {
    case Phase::kRunning:
      return next_while_running(run);
    case Phase::kApplied:
      return next_while_checking(run);
    case Phase::kWaiting:
    case Phase::kFinished:
      break;
  }
  return Step{.finished = true};
}

std::optional<Event> note(Run& run, const Completion& completion) {
  if (const auto* claimed = std::get_if<Claimed>(&completion)) {
    run.claimed = true;
    run.holds_bundle = claimed->holds_bundle;
  } else if (const auto* staged = std::get_if<Staged>(&completion)) {
    run.staged.insert(staged->layer);
  } else if (const auto* published = std::get_if<Published>(&completion)) {
    run.published = true;
    run.read_back.reset();
    run.overwritten = published->overwritten;
  } else if (const auto* read = std::get_if<ReadBackDone>(&completion)) {
    note_read_back(run, *read);
  } else if (const auto* check = std::get_if<CheckDone>(&completion)) {
    run.answers[check->check] = *check;
    return CheckFinished{
        run.number,   run.attempt, run.epoch, check->check, check->passed, check->errored, shortened(check->reason),
        check->record};
  } else if (const auto* failed = std::get_if<EffectFailed>(&completion)) {
    if (!run.failure) run.failure = *failed;
  }
  return std::nullopt;
}

}  // namespace pawl::plan

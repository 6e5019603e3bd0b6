#include "engine/views.h"

#include "core/plan/fold.h"

namespace pawl::engine {

api::ReleaseView view(const plan::ReleaseState& release) {
  return {.serial = "r" + std::to_string(release.serial),
          .versions = release.versions,
          .digest = release.release.str(),
          .snapshot = release.snapshot.str(),
          .commit = release.commit,
          .dirty = release.dirty,
          .message = release.message,
          .cut_at = release.cut_at,
          .cut_by = release.cut_by,
          .departures = release.departures};
}

api::GateView view(const plan::GateAnswer& answer) {
  return {.gate = answer.gate,
          .subject = std::string(name_of(answer.subject)),
          .state = std::string(name_of(answer.state)),
          .found = answer.found,
          .who = answer.who,
          .until = answer.until,
          .evidence = answer.evidence,
          .details = answer.details};
}

std::vector<api::GateView> views(const std::vector<plan::GateAnswer>& answers) {
  std::vector<api::GateView> out;
  for (const plan::GateAnswer& answer : answers) out.push_back(view(answer));
  return out;
}

namespace {

api::ObjectView view(const drift::ObjectChange& change) {
  api::ObjectView out{.object = change.id.str(), .layer = change.layer, .change = std::string(name_of(change.change))};
  out.changed_by = change.changed_by;
  out.origin = change.cause;
  for (const drift::FieldChange& field : change.fields) {
    out.fields.push_back({field.path, std::string(name_of(field.change)), field.before, field.after, field.cause});
  }
  return out;
}

api::CheckView view(const plan::CheckFinished& check) {
  return {.name = check.check,
          .state = check.passed    ? "passed"
                   : check.errored ? "errored"
                                   : "failed",
          .reason = check.reason,
          .record = check.record ? check.record->str() : ""};
}

}  // namespace

api::ChangesView view(const std::vector<drift::ObjectChange>& changes) {
  api::ChangesView out;
  for (const drift::ObjectChange& change : changes) {
    out.objects.push_back(view(change));
    switch (change.change) {
      case drift::Change::kAdded:
        ++out.added;
        break;
      case drift::Change::kRemoved:
        ++out.removed;
        break;
      case drift::Change::kChanged:
        ++out.changed;
        break;
    }
  }
  return out;
}

Result<std::string> label_of(const plan::Records& records, const model::ProjectName& project, std::uint64_t serial) {
  if (serial == 0) return std::string();
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
              records.find<plan::ReleaseState>(plan::key::release(project, serial)));
  if (!release) return std::string();
  return release->versions.back();
}

namespace {

std::string serial_text(std::uint64_t serial) { return serial == 0 ? "" : "r" + std::to_string(serial); }

}  // namespace

Result<api::PromotionView> view(const plan::Records& records, const model::ProjectName& project,
                                const plan::PromotionState& promotion) {
  const plan::PromotionOpened& opened = promotion.opened;
  api::PromotionView out;
  out.number = opened.number;
  out.kind = name_of(opened.kind);
  out.environment = opened.environment.str();
  PAWL_ASSIGN(out.version, label_of(records, project, opened.release));
  out.serial = serial_text(opened.release);
  out.bundle = opened.bundle.str();
  out.from = opened.from ? opened.from->str() : "";
  for (const model::LayerName& layer : opened.layers) out.layers.push_back(layer.str());
  out.attempt = promotion.attempt;
  out.phase = name_of(promotion.phase);
  if (std::optional<plan::Outcome> outcome = promotion.outcome()) out.outcome = name_of(*outcome);
  if (!promotion.attempts.empty() && !out.outcome.empty()) out.reason = promotion.attempts.back().reason;
  out.requester = opened.requester;
  out.request_reason = opened.reason;
  out.plan = opened.plan.str();
  out.configuration = opened.configuration.str();
  out.opened_at = promotion.opened_at;
  out.started_at = promotion.started_at;
  out.applied_at = promotion.applied_at;
  out.gates = views(promotion.gates);
  for (const plan::CheckFinished& check : promotion.checks) out.checks.push_back(view(check));
  out.overwritten = promotion.overwritten;
  out.recovered = promotion.recovered;
  for (const plan::AttemptRecord& attempt : promotion.attempts) {
    out.attempts.push_back({attempt.attempt, std::string(name_of(attempt.outcome)), attempt.reason, attempt.finished});
  }
  return out;
}

Result<api::HeadView> view(const plan::Records& records, const model::ProjectName& project,
                           const model::Environment& environment, const plan::Head& head, Time now) {
  PAWL_ASSIGN(plan::BundleState bundle,
              records.load<plan::BundleState>(plan::key::bundle(project, environment.name, head.bundle)));
  plan::Verification verified = plan::verification(bundle, model::digest_of_checks(environment), now);
  api::HeadView out;
  PAWL_ASSIGN(out.version, label_of(records, project, head.release));
  out.serial = serial_text(head.release);
  out.bundle = head.bundle.str();
  out.promotion = head.promotion;
  out.since = head.since;
  out.verified = verified.verified;
  out.verification = verified.words;
  return out;
}

}  // namespace pawl::engine

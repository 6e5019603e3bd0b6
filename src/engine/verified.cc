#include "engine/verified.h"

#include <algorithm>

#include "core/model/statement.h"
#include "engine/intact.h"
#include "engine/records.h"

namespace pawl::engine {

namespace {

// One question: does this bundle still count here?
class Question {
 public:
  Question(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration,
           const model::Environment& environment, const crypto::Digest& bundle)
      : world_(world),
        context_(context),
        records_(moment.records),
        configuration_(configuration),
        environment_(environment),
        bundle_(bundle) {}

  // Why it does not; "" when nothing speaks against it. Errors that say_broken() are reasons too.
  Result<std::string> objection(std::uint64_t promotion) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> verified_by,
                records_.find<plan::PromotionState>(plan::key::promotion(configuration_.project, promotion)));
    if (!verified_by) return "promotion " + std::to_string(promotion) + ", which verified it, has no record";
    PAWL_ASSIGN(bool same_target, was_at_this_target(*verified_by));
    if (!same_target) return std::string("it was verified at another target");
    for (const plan::CheckFinished& check : verified_by->checks) {
      Status counts = check_result(check);
      if (!counts && !says_broken(counts.error())) return std::move(counts).error();
      if (!counts) return "the result of check " + check.check + " does not count any more: " + counts.error().message;
    }
    Status whole = check_parts(verified_by->opened);
    if (whole) return std::string();
    if (!says_broken(whole.error())) return std::move(whole).error();
    return whole.error().text();
  }

 private:
  // A head belongs to its target: at a new one nothing was applied yet.
  Result<bool> was_at_this_target(const plan::PromotionState& promotion) {
    const crypto::Digest& then = promotion.opened.configuration;
    if (then == model::digest_of(configuration_)) return true;
    PAWL_ASSIGN(model::Configuration old, read_configuration(world_, context_, then));
    const model::Environment* before = old.find(environment_.name);
    return before != nullptr && model::identity(before->target) == model::identity(environment_.target);
  }

  Status check_result(const plan::CheckFinished& check) {
    if (!check.record) return Error(ErrorCode::kNotFound, "it was not recorded");
    PAWL_ASSIGN(std::string record, read_record(world_, context_, *check.record));
    PAWL_ASSIGN(std::vector<crypto::PublicKey> keys, trusted_keys(world_, configuration_.trust.roles, "checks"));
    PAWL_ASSIGN(model::VerifiedStatement verified, model::verify_statement(std::move(record), keys));
    const model::Statement& statement = verified.statement;
    const format::Value& predicate = statement.predicate.root;
    bool about = std::any_of(statement.subjects.begin(), statement.subjects.end(),
                             [&](const model::Subject& subject) { return subject.digest == bundle_; });
    bool says_so = statement.predicate_type == model::kTestResultPredicate &&
                   predicate.string_at("result") == "PASSED" &&
                   predicate.string_at("environment") == environment_.name.str();
    if (about && says_so) return {};
    return Error(ErrorCode::kIntegrity, "its record is about something else");
  }

  Status check_parts(const plan::PromotionOpened& opened) {
    plan::PromotionOpened as_promoted = opened;
    as_promoted.kind = plan::PromotionKind::kPromote;
    return check_intact(world_, context_, records_, configuration_, environment_, as_promoted);
  }

  World& world_;
  const Context& context_;
  const plan::Records& records_;
  const model::Configuration& configuration_;
  const model::Environment& environment_;
  const crypto::Digest& bundle_;
};

}  // namespace

Result<plan::Verification> verified_now(World& world, const Context& context, const Moment& moment,
                                        const model::Configuration& configuration,
                                        const model::Environment& environment, const crypto::Digest& bundle) {
  PAWL_ASSIGN(plan::BundleState state, moment.records.load<plan::BundleState>(
                                           plan::key::bundle(configuration.project, environment.name, bundle)));
  plan::Verification recorded = plan::verification(state, model::digest_of_checks(environment), moment.now);
  if (!recorded.verified) return recorded;
  Question question(world, context, moment, configuration, environment, bundle);
  PAWL_ASSIGN(std::string objection, question.objection(state.promotion));
  if (!objection.empty()) return plan::Verification{false, "not verified any more: " + objection};
  return recorded;
}

namespace {

// Bundles whose verification may be asked for next, in one environment.
Result<std::vector<crypto::Digest>> bundles_in_question(World& world, const Context& context, const Moment& moment,
                                                        const model::ProjectName& project,
                                                        const model::EnvironmentName& environment,
                                                        const plan::ReleaseState* release) {
  std::vector<crypto::Digest> out;
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment)));
  if (state.head) out.push_back(state.head->bundle);
  if (release == nullptr) return out;
  PAWL_ASSIGN(model::Release document, read_release(world, context, release->release));
  const model::ReleaseBundle* bundle = document.find(environment);
  if (bundle != nullptr && (out.empty() || out[0] != bundle->bundle.digest)) out.push_back(bundle->bundle.digest);
  return out;
}

// Verified in the ledger, and not any more.
Status find_decayed(World& world, const Context& context, const Moment& moment,
                    const model::Configuration& configuration, const model::Environment& environment,
                    const plan::ReleaseState* release, std::vector<plan::VerificationRevoked>& out) {
  const model::ProjectName& project = configuration.project;
  PAWL_ASSIGN(std::vector<crypto::Digest> bundles,
              bundles_in_question(world, context, moment, project, environment.name, release));
  for (const crypto::Digest& bundle : bundles) {
    PAWL_ASSIGN(plan::BundleState state,
                moment.records.load<plan::BundleState>(plan::key::bundle(project, environment.name, bundle)));
    if (!state.verified) continue;
    PAWL_ASSIGN(plan::Verification now, verified_now(world, context, moment, configuration, environment, bundle));
    if (!now.verified) out.push_back({environment.name, bundle, now.words});
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> revoke_what_no_longer_holds(World& world, const Context& context,
                                                             const model::Configuration& configuration,
                                                             const std::vector<model::EnvironmentName>& environments,
                                                             const plan::ReleaseState* release) {
  std::vector<plan::VerificationRevoked> decayed;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    for (const model::EnvironmentName& name : environments) {
      const model::Environment* environment = configuration.find(name);
      if (environment != nullptr)
        PAWL_TRY(find_decayed(world, context, moment, configuration, *environment, release, decayed));
    }
    return {};
  }));
  std::vector<std::string> said;
  if (decayed.empty()) return said;
  PAWL_TRY(write(world, context, configuration.project, [&](Writing& writing) -> Status {
    for (const plan::VerificationRevoked& event : decayed) PAWL_TRY(writing.append(event));
    return {};
  }));
  for (const plan::VerificationRevoked& event : decayed)
    said.push_back(event.environment.str() + ": " + event.bundle.brief() + ": " + event.reason);
  return said;
}

}  // namespace pawl::engine

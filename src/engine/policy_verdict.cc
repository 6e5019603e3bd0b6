#include "engine/policy_verdict.h"

#include <algorithm>

#include "core/plan/authorize.h"
#include "engine/exceptions.h"
#include "engine/facts.h"
#include "engine/judgement.h"
#include "engine/policy_objects.h"

namespace pawl::engine {

namespace {

using format::Value;

bool names_own_objects(const policy::PolicySet& set) {
  return std::ranges::any_of(set.bound(), [](const policy::BoundPolicy& bound) {
    return std::ranges::any_of(bound.policy.constraints.rules, [](const policy::ResourceRule& rule) {
      return std::ranges::find(rule.groups, model::kApiGroup) != rule.groups.end();
    });
  });
}

// One question to the policies: the bundle's objects beside the head's, and what is asked about them.
class Question {
 public:
  Question(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration,
           const model::Environment& environment, const plan::PromotionOpened& opened, const PoliciesInForce& policies)
      : world_(world),
        context_(context),
        moment_(moment),
        configuration_(configuration),
        environment_(environment),
        opened_(opened),
        policies_(policies) {}

  Result<plan::PolicyFacts> ask() {
    PAWL_TRY(read_requester());
    PAWL_ASSIGN(after_, objects_in(opened_.bundle));
    if (opened_.from) {
      PAWL_ASSIGN(before_, objects_in(*opened_.from));
    }
    for (const Value& object : policies_.others) facts_.add(object);
    for (const drift::DriftObject& object : after_) facts_.add(object.object);
    review_objects();
    if (names_own_objects(policies_.set)) PAWL_TRY(review_own_objects());
    plan::PolicyFacts out = facts_of(judge(*world_.executor, policies_.set, facts_, reviews_));
    // Exceptions are read where something is denied, and nowhere else.
    if (!out.denials.empty()) PAWL_TRY(except(out));
    return out;
  }

 private:
  // As an apiserver shows whoever asks: {username, groups}.
  Status read_requester() {
    std::string name = opened_.requester;
    if (name.empty()) {
      PAWL_ASSIGN(model::Actor actor, current_actor(world_));
      std::optional<model::PersonName> person = plan::person_of(configuration_, actor);
      name = person ? person->str() : actor.subject;
    }
    Value groups = Value::list();
    for (const auto& [group, members] : configuration_.groups) {
      if (std::ranges::find(members, model::PersonName(name)) != members.end())
        groups.push_back(arena_, Value::string(arena_, group.str()));
    }
    requester_ = Value::map();
    requester_.set(arena_, "username", name);
    requester_.set(arena_, "groups", groups);
    return {};
  }

  // Sorted by identity.
  Result<std::vector<drift::DriftObject>> objects_in(const crypto::Digest& digest) {
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world_, context_, digest));
    PAWL_ASSIGN(std::vector<drift::DriftObject> objects, read_objects(world_, context_, arena_, bundle));
    std::ranges::sort(objects, {}, &drift::DriftObject::id);
    return objects;
  }

  void review_objects() {
    auto old = before_.begin();
    auto fresh = after_.begin();
    while (old != before_.end() || fresh != after_.end()) {
      bool gone = fresh == after_.end() || (old != before_.end() && old->id < fresh->id);
      bool is_new = !gone && (old == before_.end() || fresh->id < old->id);
      const model::ObjectId& id = gone ? old->id : fresh->id;
      add(id.str(), is_new ? nullptr : &old->object, gone ? nullptr : &fresh->object);
      if (!is_new) ++old;
      if (!gone) ++fresh;
    }
  }

  void add(std::string name, const Value* old_object, const Value* object) {
    const Value& known = object != nullptr ? *object : *old_object;
    reviews_.push_back(policy::review_of(policy::resource_of(facts_.resources(), known), old_object, object));
    reviews_.back().user_info = &requester_;
    names_.push_back(std::move(name));
  }

  Status review_own_objects() {
    std::vector<drift::ObjectChange> changes = drift::difference(before_, after_);
    PAWL_ASSIGN(own_,
                policy_objects(world_, context_, moment_, configuration_, environment_, opened_, changes, arena_));
    if (!own_.release.is_null()) add("Release/" + name_in(own_.release), nullptr, &own_.release);
    add("Bundle/" + name_in(own_.bundle), own_.old_bundle.is_null() ? nullptr : &own_.old_bundle, &own_.bundle);
    add("Environment/" + environment_.name.str(), &own_.environment, &own_.environment);
    add(opened_.number == 0 ? "Promotion" : "Promotion/" + name_in(own_.promotion), nullptr, &own_.promotion);
    return {};
  }

  static std::string name_in(const Value& object) {
    return std::string(object.at_path({"metadata", "name"})->string_or_empty());
  }

  Status except(plan::PolicyFacts& facts) {
    PAWL_ASSIGN(std::vector<plan::ExceptionFact> exceptions,
                exception_facts(world_, context_, moment_.records, configuration_));
    plan::except(facts, exceptions, exception_judges(configuration_), environment_.name, opened_.bundle, moment_.now);
    return {};
  }

  plan::PolicyFacts facts_of(const policy::Report& report) const {
    plan::PolicyFacts out{.policies = policies_.set.bound().size(), .evaluated = report.evaluated};
    for (const policy::BoundPolicy& bound : policies_.set.bound()) out.rules += bound.policy.validations.size();
    for (const model::PolicySource& files : configuration_.policies) out.evidence.push_back(files.digest.str());
    for (std::size_t i = 0; i < reviews_.size(); ++i) {
      const policy::Verdict& verdict = report.verdicts[i];
      for (const policy::Finding& finding : verdict.findings) {
        if (finding.denies())
          out.denials.push_back({finding.policy, finding.binding, finding.index, names_[i], finding.message});
      }
      for (const std::string& warning : verdict.warnings) out.warnings.push_back(names_[i] + ": " + warning);
    }
    return out;
  }

  World& world_;
  const Context& context_;
  const Moment& moment_;
  const model::Configuration& configuration_;
  const model::Environment& environment_;
  const plan::PromotionOpened& opened_;
  const PoliciesInForce& policies_;

  format::Arena arena_;
  Value requester_;
  std::vector<drift::DriftObject> before_;
  std::vector<drift::DriftObject> after_;
  PolicyObjects own_;
  policy::Facts facts_;
  std::vector<policy::Review> reviews_;
  std::vector<std::string> names_;  // of what is reviewed, for people
};

// Whether it is a fault of what is stored, and not of this moment.
bool is_lasting(const Error& error) {
  return error.code == ErrorCode::kInvalid || error.code == ErrorCode::kNotFound || error.code == ErrorCode::kIntegrity;
}

bool binds_any(const model::Configuration& configuration, const model::Environment& environment) {
  return !configuration.policies.empty() || !configuration.policy_bindings.empty() || environment.allowed_changes;
}

}  // namespace

Result<plan::PolicyFacts> policy_facts(World& world, const Context& context, const Moment& moment,
                                       const model::Configuration& configuration, const model::Environment& environment,
                                       const plan::PromotionOpened& opened) {
  if (!binds_any(configuration, environment)) return plan::PolicyFacts{};
  Result<PoliciesInForce> policies =
      policies_in_force(world, configuration, environment, stored_policy_files(world, context));
  if (!policies && is_lasting(policies.error()))
    return plan::PolicyFacts{.error = "the policies cannot be read: " + policies.error().text()};
  if (!policies) return std::move(policies).error();
  if (policies->empty()) return plan::PolicyFacts{};
  return Question(world, context, moment, configuration, environment, opened, *policies).ask();
}

}  // namespace pawl::engine

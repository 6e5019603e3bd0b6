#include "core/policy/evaluate.h"

#include <algorithm>

#include "core/cel/lib/go_text.h"
#include "core/policy/annotations.h"

namespace pawl::policy {

namespace {

using format::Value;

// The same object under another apiVersion; its parts are shared.
Value as_version(format::Arena& arena, const Value& object, const Kind& kind) {
  std::vector<format::Member> members(object.members().begin(), object.members().end());
  std::string version = kind.group.empty() ? kind.version : kind.group + "/" + kind.version;
  for (format::Member& member : members)
    if (member.key == "apiVersion") member.value = Value::string(arena, version);
  return Value::map(arena, members);
}

cel::Value read(const Value* value) { return value == nullptr ? cel::Value::null() : cel::Value::of(*value); }

std::string param_name(const Value* param) {
  if (param == nullptr) return {};
  const Value* metadata = param->find("metadata");
  if (metadata == nullptr) return {};
  std::string space(metadata->string_at("namespace"));
  return (space.empty() ? "" : space + "/") + std::string(metadata->string_at("name"));
}

}  // namespace

// What a binding's paramRef leads to.
struct Evaluator::Params {
  std::vector<const Value*> found;  // null: evaluated without
  std::string error;
};

// One policy with what it needs to judge.
struct Evaluator::Bound {
  Bound(const BoundPolicy& made, Coverage* coverage)
      : of(made), judge(made.policy, coverage != nullptr ? &coverage->of(made.policy) : nullptr) {}
  const BoundPolicy& of;
  Judge judge;
  std::map<std::pair<const Binding*, std::string>, Params> params;
  std::string error;  // why the policy cannot be applied to anything
};

// One request on its way through the policies. What it is made of is kept until it is judged.
struct Evaluator::Request {
  const Review& review;
  std::optional<format::Arena> arena;
  // By the resource that was matched last: values of `object`, `oldObject` and `request` as it.
  std::optional<ResourceOf> as;
  Value object, old_object, request, condition_request;
  bool has_request = false;
  Inputs inputs;

  format::Arena& memory() { return arena ? *arena : arena.emplace(); }
};

Evaluator::Evaluator(const PolicySet& policies, const Facts& facts, Coverage* coverage) : facts_(facts) {
  for (const BoundPolicy& bound : policies.bound()) {
    bound_.push_back(std::make_unique<Bound>(bound, coverage));
    const std::optional<Kind>& kind = bound.policy.param_kind;
    if (kind && facts.scope_of(*kind) == Facts::Scope::kUnknown)
      bound_.back()->error = "failed to find resource referenced by paramKind: '" + kind->str() + "'";
  }
}

Evaluator::~Evaluator() = default;

Evaluator::Params Evaluator::find_params(const Bound& bound, const Binding& binding, const std::string& space) const {
  const std::optional<Kind>& kind = bound.of.policy.param_kind;
  if (!kind || !binding.params) return {{nullptr}, {}};
  const ParamRef& ref = *binding.params;
  std::string where;
  if (facts_.scope_of(*kind) == Facts::Scope::kNamespaced) {
    where = ref.space.empty() ? space : ref.space;
    if (where.empty())
      return {{}, "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources"};
  } else if (!ref.space.empty()) {
    return {{}, "paramRef.namespace must not be provided for a cluster-scoped `paramKind`"};
  }
  Params made;
  if (ref.selector)
    made.found = facts_.select_params(*kind, where, *ref.selector);
  else if (const Value* param = facts_.find_param(*kind, where, ref.name))
    made.found = {param};
  if (made.found.empty() && ref.deny_if_not_found)
    made.error = "no params found for policy binding with `Deny` parameterNotFoundAction";
  return made;
}

const Evaluator::Params& Evaluator::params_of(Bound& bound, const Binding& binding, const std::string& space) {
  auto key = std::pair(&binding, binding.params ? space : std::string());
  auto known = bound.params.find(key);
  if (known == bound.params.end()) known = bound.params.emplace(key, find_params(bound, binding, space)).first;
  return known->second;
}

// Makes the values that expressions read, as the version that the policy names. False: it cannot be converted.
bool Evaluator::prepare(const Bound& bound, const Match& matched, Request& request, std::string& error) {
  const Review& review = request.review;
  const ResourceOf& as = matched.as ? *matched.as : review.of;
  bool converted = matched.as.has_value();
  if (converted && !facts_.resources().converts_by_name(review.of.kind, as.kind)) {
    error = "failed to convert object version: from " + review.of.kind.str() + " to " + as.kind.str() +
            " takes an apiserver";
    return false;
  }
  if (request.as != matched.as) {
    request.as = matched.as;
    request.has_request = false;
  }
  auto version = [&](const Value* object, Value& place) {
    if (object == nullptr || !converted) return read(object);
    place = as_version(request.memory(), *object, as.kind);
    return cel::Value::of(place);
  };
  request.inputs.object = version(review.object, request.object);
  request.inputs.old_object = version(review.old_object, request.old_object);
  const Policy& policy = bound.of.policy;
  if (policy.reads_request && !request.has_request) {
    request.request = request_value(request.memory(), review, as.kind, as.resource);
    request.condition_request = request_value(request.memory(), review, as.kind, review.of.resource);
    request.inputs.request = cel::Value::of(request.request);
    request.inputs.condition_request = cel::Value::of(request.condition_request);
    request.has_request = true;
  }
  request.inputs.namespace_object = cel::Value::null();
  if (policy.reads_namespace && !review.space.empty() && review.of.kind != Kind{"", "v1", "Namespace"}) {
    const Value* space = facts_.namespace_object(review.space);
    request.inputs.namespace_object =
        space != nullptr ? read(space)
                         : cel::Value::error(
                               request.memory().adopt("namespaces " + cel::lib::go_quote(review.space) + " not found"));
  }
  return true;
}

namespace {

// Why a policy or a binding could not be applied; under failurePolicy Ignore it is not.
void misconfigured(const Policy& policy, const Binding* binding, const std::string& error, Verdict& into) {
  if (policy.failure_policy == FailurePolicy::kIgnore) {
    ++into.ignored;
    return;
  }
  Finding made;
  made.policy = policy.name;
  if (binding != nullptr) made.binding = binding->name;
  made.cause = Finding::Cause::kMisconfigured;
  made.message = (binding != nullptr ? "failed to configure binding: " : "failed to configure policy: ") + error;
  made.actions = {Action::kDeny};
  into.findings.push_back(std::move(made));
}

void publish(const Finding& finding, const Binding& binding, Verdict& into) {
  for (Action action : finding.actions) {
    if (action == Action::kWarn)
      into.warnings.push_back("Validation failed for ValidatingAdmissionPolicy '" + finding.policy +
                              "' with binding '" + finding.binding + "': " + finding.message);
    if (action == Action::kAudit) annotate(into, std::string(kFailureAnnotation), failure_annotation(finding, binding));
  }
}

void take_validations(const Policy& policy, const Binding& binding, const std::string& param, const Judgement& made,
                      Verdict& into) {
  bool ignores = policy.failure_policy == FailurePolicy::kIgnore;
  into.evaluated += made.held;
  for (const Judged& judged : made.broken) {
    bool erred = judged.outcome == Judged::Outcome::kErred;
    if (erred && ignores) {
      ++into.ignored;
      continue;
    }
    ++into.evaluated;
    Finding finding;
    finding.policy = policy.name;
    finding.binding = binding.name;
    finding.param = param;
    finding.cause = erred ? Finding::Cause::kErred : Finding::Cause::kFailed;
    finding.index = judged.index;
    if (!erred) finding.reason = policy.validations[judged.index].reason;
    finding.message = judged.message;
    finding.actions = binding.actions;
    publish(finding, binding, into);
    into.findings.push_back(std::move(finding));
  }
}

void take_annotations(const Policy& policy, const Binding& binding, const std::string& param, const Judgement& made,
                      AnnotationCollector& collector, Verdict& into) {
  for (const Annotated& annotated : made.annotations) {
    switch (annotated.outcome) {
      case Annotated::Outcome::kExclude:
        break;
      case Annotated::Outcome::kPublish:
        collector.add(policy.annotations[annotated.index].key, annotated.text);
        break;
      case Annotated::Outcome::kErred:
        if (policy.failure_policy == FailurePolicy::kIgnore) {
          ++into.ignored;
          break;
        }
        // Refuses, whatever the binding's actions are.
        into.findings.push_back({policy.name,
                                 binding.name,
                                 param,
                                 Finding::Cause::kErred,
                                 annotated.index,
                                 Reason::kInvalid,
                                 annotated.text,
                                 {Action::kDeny}});
        break;
    }
  }
}

}  // namespace

void Evaluator::evaluate(Bound& bound, Request& request, Verdict& into) {
  const Policy& policy = bound.of.policy;
  const Review& review = request.review;
  Match matched = match(policy.constraints, review, facts_);
  if (matched.answer == Match::Answer::kNo) return;
  if (matched.answer == Match::Answer::kError) return misconfigured(policy, nullptr, matched.error, into);
  if (!bound.error.empty()) return misconfigured(policy, nullptr, bound.error, into);
  AnnotationCollector collector;
  for (const Binding& binding : bound.of.bindings) {
    Match of_binding =
        binding.resources ? match(*binding.resources, review, facts_) : Match{Match::Answer::kYes, {}, {}};
    if (of_binding.answer == Match::Answer::kNo) continue;
    std::string error = of_binding.error;
    const Params* params = nullptr;
    if (error.empty()) {
      params = &params_of(bound, binding, review.space);
      error = params->error;
    }
    if (!error.empty() || (!params->found.empty() && !prepare(bound, matched, request, error))) {
      misconfigured(policy, &binding, error, into);
      continue;
    }
    for (const Value* param : params->found) {
      request.inputs.params = read(param);
      Judgement made = bound.judge.judge(request.inputs, arena_);
      into.cost += made.cost;
      std::string name = param_name(param);
      take_validations(policy, binding, name, made, into);
      take_annotations(policy, binding, name, made, collector, into);
      arena_.reset();
    }
  }
  collector.publish(policy.name, into);
}

Verdict Evaluator::evaluate(const Review& review) {
  Verdict made;
  if (is_exempt(review.of.resource)) return made;
  Request request{review, {}, {}, {}, {}, {}, {}, false, {}};
  for (const std::unique_ptr<Bound>& bound : bound_) evaluate(*bound, request, made);
  made.allowed = made.denial() == nullptr;
  return made;
}

Report evaluate(const PolicySet& policies, const Facts& facts, std::span<const Review> reviews) {
  Evaluator evaluator(policies, facts);
  Report made;
  made.verdicts.reserve(reviews.size());
  for (const Review& review : reviews) {
    made.verdicts.push_back(evaluator.evaluate(review));
    made.evaluated += made.verdicts.back().evaluated;
    made.cost += made.verdicts.back().cost;
  }
  return made;
}

}  // namespace pawl::policy

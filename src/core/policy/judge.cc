#include "core/policy/judge.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/cel/lib/go_text.h"

namespace pawl::policy {

namespace {

constexpr std::uint64_t kBudget = 10'000'000;
constexpr std::uint64_t kBudgetOfConditions = 2'500'000;
constexpr std::size_t kLongestMessage = 5 * 1024;
constexpr std::string_view kOutOfBudget =
    "validation failed due to running out of cost budget, no further validation rules will be run";
constexpr std::string_view kNoAuthorizer = "authorizer is not available: only an apiserver knows who may do what";

std::string error_of(const cel::Program& program, const cel::Value& value) {
  return "expression '" + program.text() + "' resulted in error: " + std::string(value.error_text());
}

// As Go joins errors: each once, in brackets where there are several.
std::string joined(const std::vector<std::string>& errors) {
  std::vector<std::string> once;
  for (const std::string& error : errors)
    if (std::ranges::find(once, error) == once.end()) once.push_back(error);
  return once.size() == 1 ? once[0] : "[" + join(once, ", ") + "]";
}

// What a messageExpression says; "" where that cannot be a message.
std::string_view computed_message(const cel::Value& computed) {
  if (!computed.is_string()) return {};
  std::string_view message = cel::lib::go_trim_space(computed.text());
  return message.size() > kLongestMessage || message.find('\n') != std::string_view::npos ? "" : message;
}

std::string fixed_message(const Validation& validation) {
  std::string_view message = cel::lib::go_trim_space(validation.message);
  if (!message.empty()) return std::string(message);
  return "failed expression: " + std::string(cel::lib::go_trim_space(validation.program.text()));
}

void count(const cel::Value& said, Outcomes& into) {
  if (said.is_true()) ++into.yes;
  if (said.is_false()) ++into.no;
}

}  // namespace

struct Judge::Evaluated {
  cel::Value value;
  bool out_of_budget = false;
};

Judge::Judge(const Policy& policy, PolicyCoverage* coverage)
    : policy_(policy),
      coverage_(coverage),
      conditions_(policy.environments.conditions),
      expressions_(policy.environments.expressions),
      messages_(policy.environments.messages),
      variables_(policy.variables, expressions_),
      values_(policy.validations.size()),
      message_values_(policy.validations.size()),
      has_messages_(std::ranges::any_of(
          policy.validations, [](const Validation& validation) { return validation.message_program.has_value(); })) {
  for (cel::Activation* activation : {&conditions_, &expressions_}) {
    activation->bind("authorizer", cel::Value::error(kNoAuthorizer));
    activation->bind("authorizer.requestResource", cel::Value::error(kNoAuthorizer));
  }
  for (cel::Activation* activation : {&expressions_, &messages_})
    activation->bind("variables", cel::Value::lazy(variables_));
}

void Judge::bind(const Inputs& inputs) {
  // The places of the first four are the same in all three environments: they are declared first.
  for (cel::Activation* activation : {&conditions_, &expressions_, &messages_}) {
    activation->bind_at(0, inputs.object);
    activation->bind_at(1, inputs.old_object);
    activation->bind_at(2, activation == &conditions_ ? cel::Value::null() : inputs.namespace_object);
    activation->bind_at(3, activation == &conditions_ ? inputs.condition_request : inputs.request);
    if (policy_.param_kind) activation->bind_at(4, inputs.params);
  }
}

Judge::Evaluated Judge::evaluate(const cel::Program& program, const cel::Activation& activation, cel::Arena& arena) {
  cel::Evaluation made = program.evaluate(activation, arena);
  for (std::uint64_t cost : {variables_.take_cost(), made.cost}) {
    spent_ += cost;
    if (cost > left_) return {{}, true};
    left_ -= cost;
  }
  return {made.value, false};
}

Judge::Conditions Judge::judge_conditions(cel::Arena& arena, std::string& error) {
  left_ = kBudgetOfConditions;
  std::vector<std::string> errors;
  bool met = true;
  for (std::size_t i = 0; i < policy_.conditions.size(); ++i) {
    const MatchCondition& condition = policy_.conditions[i];
    Evaluated made = evaluate(condition.program, conditions_, arena);
    if (made.out_of_budget) {
      error = kOutOfBudget;
      return Conditions::kErred;
    }
    if (made.value.is_error()) errors.push_back(error_of(condition.program, made.value));
    if (coverage_ != nullptr) count(made.value, coverage_->conditions[i]);
    met = met && !made.value.is_false();
  }
  // One that is false decides, whatever the others erred about.
  if (!met) return Conditions::kNotMet;
  if (errors.empty()) return Conditions::kMet;
  error = joined(errors);
  return Conditions::kErred;
}

// Whether the budget sufficed. The messages of what holds are evaluated, too, as an apiserver does: their cost counts.
bool Judge::evaluate_messages(cel::Arena& arena) {
  variables_.reset();
  for (std::size_t i = 0; i < policy_.validations.size(); ++i) {
    const Validation& validation = policy_.validations[i];
    if (!validation.message_program) continue;
    Evaluated made = evaluate(*validation.message_program, messages_, arena);
    if (made.out_of_budget) return false;
    message_values_[i] = made.value;
  }
  return true;
}

std::string Judge::word(std::size_t index) const {
  std::string_view computed = computed_message(message_values_[index]);
  if (computed.empty()) return fixed_message(policy_.validations[index]);
  if (coverage_ != nullptr) ++coverage_->messages[index].yes;
  return std::string(computed);
}

void Judge::sort_out(bool has_messages, Judgement& into) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Validation& validation = policy_.validations[i];
    if (coverage_ != nullptr) count(values_[i], coverage_->validations[i]);
    if (values_[i].is_error())
      into.broken.push_back({Judged::Outcome::kErred, i, error_of(validation.program, values_[i])});
    else if (!has_messages)
      into.broken.push_back({Judged::Outcome::kErred, i, "failed messageExpression: " + std::string(kOutOfBudget)});
    else if (!values_[i].is_true())
      into.broken.push_back({Judged::Outcome::kFailed, i, word(i)});
    else
      ++into.held;
  }
}

bool Judge::judge_validations(cel::Arena& arena, Judgement& into) {
  variables_.reset();
  left_ = kBudget;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    Evaluated made = evaluate(policy_.validations[i].program, expressions_, arena);
    if (made.out_of_budget) return false;
    values_[i] = made.value;
  }
  sort_out(!has_messages_ || evaluate_messages(arena), into);
  return true;
}

bool Judge::judge_annotations(cel::Arena& arena, Judgement& into) {
  variables_.reset();
  left_ = kBudget;
  for (std::size_t i = 0; i < policy_.annotations.size(); ++i) {
    const cel::Program& program = policy_.annotations[i].program;
    Evaluated made = evaluate(program, expressions_, arena);
    if (made.out_of_budget) return false;
    Annotated annotated{Annotated::Outcome::kExclude, i, {}};
    if (made.value.is_error()) {
      annotated.outcome = Annotated::Outcome::kErred;
      annotated.text = error_of(program, made.value);
    } else if (made.value.is_string()) {
      annotated.text = cel::lib::go_trim_space(made.value.text());
      if (!annotated.text.empty()) annotated.outcome = Annotated::Outcome::kPublish;
    }
    into.annotations.push_back(std::move(annotated));
  }
  return true;
}

Judgement Judge::judge(const Inputs& inputs, cel::Arena& arena) {
  bind(inputs);
  spent_ = 0;
  Judgement made;
  std::string error;
  Conditions conditions = policy_.conditions.empty() ? Conditions::kMet : judge_conditions(arena, error);
  if (conditions == Conditions::kErred) made.broken = {{Judged::Outcome::kErred, 0, error}};
  if (conditions == Conditions::kMet && !(judge_validations(arena, made) && judge_annotations(arena, made))) {
    // Nothing that was found before counts: the apiserver gives this one answer.
    made = {};
    made.broken = {{Judged::Outcome::kErred, 0, std::string(kOutOfBudget)}};
  }
  made.cost = spent_;
  return made;
}

}  // namespace pawl::policy

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/cel/activation.h"
#include "core/policy/coverage.h"
#include "core/policy/policy.h"
#include "core/policy/variable_fields.h"

namespace pawl::policy {

// What the expressions of a policy read; values live in a request's own memory.
struct Inputs {
  cel::Value object, old_object, params, request, condition_request, namespace_object;
};

// A validation that does not hold.
struct Judged {
  enum class Outcome : std::uint8_t { kFailed, kErred };
  Outcome outcome = Outcome::kFailed;
  std::size_t index = 0;  // in its policy; 0 where a condition erred
  std::string message;
};

struct Annotated {
  enum class Outcome : std::uint8_t { kPublish, kExclude, kErred };
  Outcome outcome = Outcome::kExclude;
  std::size_t index = 0;  // of the annotation in its policy
  std::string text;       // what is published, or the error
};

struct Judgement {
  std::size_t held = 0;  // validations that hold
  std::vector<Judged> broken;
  std::vector<Annotated> annotations;
  std::uint64_t cost = 0;
};

// Evaluates one policy, for one request and one param at a time, in the order and with the budgets of an apiserver:
// 1,000,000 for an expression, 2,500,000 for the conditions, 10,000,000 for the validations and their messages, as much
// for the annotations. Keeps its memory between requests; used by one thread.
class Judge {
 public:
  // What the expressions say is counted in `coverage`, unless that is null.
  explicit Judge(const Policy& policy, PolicyCoverage* coverage = nullptr);
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  Judgement judge(const Inputs& inputs, cel::Arena& arena);

 private:
  struct Evaluated;
  enum class Conditions : std::uint8_t { kMet, kNotMet, kErred };

  void bind(const Inputs& inputs);
  Evaluated evaluate(const cel::Program& program, const cel::Activation& activation, cel::Arena& arena);
  Conditions judge_conditions(cel::Arena& arena, std::string& error);
  bool judge_validations(cel::Arena& arena, Judgement& into);
  bool evaluate_messages(cel::Arena& arena);
  void sort_out(bool has_messages, Judgement& into) const;
  std::string word(std::size_t index) const;
  bool judge_annotations(cel::Arena& arena, Judgement& into);

  const Policy& policy_;
  PolicyCoverage* coverage_;
  cel::Activation conditions_;
  cel::Activation expressions_;
  cel::Activation messages_;
  VariableFields variables_;
  std::vector<cel::Value> values_;          // of the validations
  std::vector<cel::Value> message_values_;  // of their messages; null without
  bool has_messages_ = false;
  std::uint64_t left_ = 0;   // of the budget of the expressions that are being evaluated
  std::uint64_t spent_ = 0;  // on this request
};

}  // namespace pawl::policy

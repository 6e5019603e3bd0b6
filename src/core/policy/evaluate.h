#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/policy/coverage.h"
#include "core/policy/facts.h"
#include "core/policy/judge.h"
#include "core/policy/match.h"
#include "core/policy/policy_set.h"
#include "core/policy/review.h"
#include "core/policy/verdict.h"

namespace pawl::policy {

// Judges requests as the ValidatingAdmissionPolicy plugin of a Kubernetes 1.34 apiserver does: verdict, messages,
// warnings and audit annotations are the same for the same request, but that
// - policies and bindings judge in the order of their names (an apiserver's order is left to chance),
// - `authorizer` is an error wherever it is read,
// - an object that a policy names by another version (matchPolicy Equivalent) is converted only where a
//   CustomResourceDefinition says that nothing but apiVersion differs, else it is an error,
// - a namespace that the facts do not know is an error where it is asked about, and not before.
// One thread at a time; several over one set and the same facts at once are fine. Linear in reviews x matching rules.
class Evaluator {
 public:
  // All must outlive this. What the expressions say is counted in `coverage`, unless that is null.
  Evaluator(const PolicySet& policies, const Facts& facts, Coverage* coverage = nullptr);
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;
  ~Evaluator();

  Verdict evaluate(const Review& review);

 private:
  struct Params;
  struct Bound;
  struct Request;

  void evaluate(Bound& bound, Request& request, Verdict& into);
  bool prepare(const Bound& bound, const Match& matched, Request& request, std::string& error);
  const Params& params_of(Bound& bound, const Binding& binding, const std::string& space);
  Params find_params(const Bound& bound, const Binding& binding, const std::string& space) const;

  const Facts& facts_;
  std::vector<std::unique_ptr<Bound>> bound_;
  cel::Arena arena_;
};

// The verdicts of all reviews, in their order.
Report evaluate(const PolicySet& policies, const Facts& facts, std::span<const Review> reviews);

}  // namespace pawl::policy

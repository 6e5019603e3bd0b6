#include "core/policy/test_run.h"

#include <algorithm>

#include "core/policy/evaluate.h"
#include "core/policy/params.h"

namespace pawl::policy {

namespace {

using format::Value;
using Answer = Expectation::Answer;

constexpr std::string_view kParams = "params";  // the name of a case's own

Error fault_at(const Value& value, std::string summary, std::string help, const ReadOptions& options) {
  Diagnostic made;
  made.file = options.file;
  made.at = value.at();
  made.code = "invalid-params";
  made.summary = std::move(summary);
  made.snippet = line_of(options.text, made.at.line);
  made.help = std::move(help);
  return invalid_files({made});
}

bool is_object(const Value& value) { return value.find("kind") != nullptr && value.find("apiVersion") != nullptr; }

// The one policy that takes params.
Result<const Policy*> taker(const Value& params, const TestInput& world, const ReadOptions& options) {
  const Policy* found = nullptr;
  for (const Policy& policy : world.policies) {
    if (!policy.param_kind) continue;
    if (found != nullptr)
      return fault_at(params, "several policies take params: " + found->name + ", " + policy.name,
                      "give them as facts, with bindings", options);
    found = &policy;
  }
  if (found == nullptr) return fault_at(params, "no policy here takes params", "", options);
  return found;
}

Binding denying(const std::string& policy) {
  Binding made;
  made.name = policy;
  made.policy = policy;
  made.actions = {Action::kDeny};
  return made;
}

// One case on its way to a verdict. What its facts are made of is kept here.
class TestRun {
 public:
  TestRun(const TestTable& table, const TestCase& test, const TestInput& world, const ReadOptions& options)
      : table_(table), test_(test), world_(world), options_(options) {}

  Result<Verdict> judge(Coverage& coverage) {
    PAWL_TRY(take_params());
    take_namespace();
    for (const Value& fact : world_.facts) facts_.add(fact);
    PAWL_ASSIGN(PolicySet policies, PolicySet::make({world_.policies.begin(), world_.policies.end()}, bindings()));
    return Evaluator(policies, facts_, &coverage).evaluate(review());
  }

 private:
  Status take_params() {
    const Value& given = test_.params.is_null() ? table_.params : test_.params;
    if (given.is_null()) return {};
    PAWL_ASSIGN(bound_, taker(given, world_, options_));
    if (is_object(given)) {
      params_ = given;
    } else {
      const Value* definition = find_definition(world_.facts, *bound_->param_kind);
      PAWL_ASSIGN(params_, make_params(arena_, definition, *bound_->param_kind, kParams, given, options_));
    }
    facts_.add(params_);
    return {};
  }

  void take_namespace() {
    if (test_.space.is_null()) return;
    space_ = test_.space;
    if (!is_object(space_)) {
      Value metadata = test_.space;
      if (metadata.find("name") == nullptr) metadata.set(arena_, "name", space_of(object()));
      space_ = Value::map();
      space_.set(arena_, "apiVersion", "v1");
      space_.set(arena_, "kind", "Namespace");
      space_.set(arena_, "metadata", metadata);
    }
    facts_.add(space_);
  }

  std::vector<Binding> bindings() const {
    std::vector<Binding> made;
    for (const Binding& binding : world_.bindings)
      if (bound_ == nullptr || binding.policy != bound_->name) made.push_back(binding);
    for (const Policy& policy : world_.policies) {
      if (std::ranges::find(made, policy.name, &Binding::policy) != made.end()) continue;
      made.push_back(denying(policy.name));
      if (&policy != bound_) continue;
      ParamRef ref;
      const Value* metadata = params_.find("metadata");
      if (metadata != nullptr) {
        ref.name = metadata->string_at("name");
        ref.space = metadata->string_at("namespace");
      }
      made.back().params = ref;
    }
    return made;
  }

  const Value& object() const { return test_.object.value.is_null() ? test_.old_object.value : test_.object.value; }

  static std::string_view space_of(const Value& object) {
    const Value* metadata = object.find("metadata");
    return metadata == nullptr ? "" : metadata->string_at("namespace");
  }

  Review review() const {
    auto given = [](const TestSource& source) { return source.value.is_null() ? nullptr : &source.value; };
    Review made = review_of(resource_of(facts_.resources(), object()), given(test_.old_object), given(test_.object));
    const Value& user = test_.user_info.is_null() ? table_.user_info : test_.user_info;
    if (!user.is_null()) made.user_info = &user;
    return made;
  }

  const TestTable& table_;
  const TestCase& test_;
  const TestInput& world_;
  const ReadOptions& options_;
  format::Arena arena_;
  Facts facts_;
  const Policy* bound_ = nullptr;  // by the case's params
  Value params_, space_;
};

std::vector<const Finding*> denials_of(const Verdict& verdict) {
  std::vector<const Finding*> made;
  for (const Finding& finding : verdict.findings)
    if (finding.denies()) made.push_back(&finding);
  return made;
}

bool fits(const ExpectedDenial& expected, const Finding& finding) {
  return (expected.policy.empty() || expected.policy == finding.policy) &&
         (!expected.validation || *expected.validation == finding.index) &&
         finding.message.find(expected.message) != std::string::npos;
}

// Whether each fits one of the others, both ways.
template <class A, class B, class Fits>
bool pair_up(const A& expected, const B& found, Fits fits) {
  auto is_met = [&](const auto& one) {
    return std::ranges::any_of(found, [&](const auto& other) { return fits(one, other); });
  };
  auto is_expected = [&](const auto& other) {
    return std::ranges::any_of(expected, [&](const auto& one) { return fits(one, other); });
  };
  return std::ranges::all_of(expected, is_met) && std::ranges::all_of(found, is_expected);
}

bool answers(const Expectation& expect, const Verdict& verdict) {
  std::vector<const Finding*> denials = denials_of(verdict);
  switch (expect.answer) {
    case Answer::kAllowed:
      return denials.empty() && verdict.evaluated > 0;
    case Answer::kUnmatched:
      return denials.empty() && verdict.evaluated == 0 && verdict.ignored == 0;
    case Answer::kDenied:
      break;
  }
  if (expect.denials.empty())
    return std::ranges::any_of(denials,
                               [](const Finding* finding) { return finding->cause == Finding::Cause::kFailed; });
  return pair_up(expect.denials, denials,
                 [](const ExpectedDenial& one, const Finding* finding) { return fits(one, *finding); });
}

bool warns(const Expectation& expect, const Verdict& verdict) {
  return !expect.warnings ||
         pair_up(*expect.warnings, verdict.warnings, [](const std::string& part, const std::string& warning) {
           return warning.find(part) != std::string::npos;
         });
}

std::string listed(std::string text, const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? " " : "; ") + parts[i];
  return text;
}

std::string with_warnings(std::string text, const std::vector<std::string>& warnings) {
  if (warnings.empty()) return text + ", without warnings";
  return listed(std::move(text) + ", with the warnings:", warnings);
}

std::string text_of(const Expectation& expect) {
  std::vector<std::string> parts;
  for (const ExpectedDenial& denial : expect.denials) {
    std::string part = denial.policy.empty() ? "any policy" : denial.policy;
    if (denial.validation) part += ", validations[" + std::to_string(*denial.validation) + "]";
    parts.push_back("by " + part + (denial.message.empty() ? "" : ": " + denial.message));
  }
  std::string text = expect.answer == Answer::kAllowed  ? "allowed"
                     : expect.answer == Answer::kDenied ? listed("denied", parts)
                                                        : "unmatched";
  return expect.warnings ? with_warnings(text, *expect.warnings) : text;
}

std::string found_text(const Expectation& expect, const Verdict& verdict) {
  std::vector<std::string> parts;
  for (const Finding* finding : denials_of(verdict)) {
    std::string rule = finding->cause == Finding::Cause::kFailed
                           ? ", validations[" + std::to_string(finding->index) + "]"
                           : ", an error";
    parts.push_back("by " + finding->policy + rule + ": " + finding->message);
  }
  std::string text = !parts.empty() ? listed("denied", parts) : verdict.evaluated > 0 ? "allowed" : "unmatched";
  return expect.warnings ? with_warnings(text, verdict.warnings) : text;
}

}  // namespace

Result<TestResult> run_test(const TestTable& table, const TestCase& test, const TestInput& world,
                            const ReadOptions& options, Coverage& coverage) {
  TestRun run(table, test, world, options);
  PAWL_ASSIGN(Verdict verdict, run.judge(coverage));
  return TestResult{answers(test.expect, verdict) && warns(test.expect, verdict), text_of(test.expect),
                    found_text(test.expect, verdict)};
}

}  // namespace pawl::policy

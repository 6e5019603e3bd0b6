#include "core/policy/evaluate.h"
#include "core/policy/read.h"
#include "core/policy/test_run.h"
#include "format/yaml.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

// What was read judges the documents of its own file.
void judge(policy::PolicyDocuments read, const std::vector<format::Value>& documents) {
  policy::Facts facts;
  for (const format::Value& other : read.others) facts.add(other);
  Result<policy::PolicySet> policies = policy::PolicySet::make(std::move(read.policies), std::move(read.bindings));
  if (!policies) return;
  std::vector<policy::Review> reviews;
  for (const format::Value& document : documents)
    reviews.push_back(policy::review_of(policy::guess(policy::kind_of(document), true), nullptr, &document));
  policy::Report report = policy::evaluate(*policies, facts, reviews);
  for (const policy::Verdict& verdict : report.verdicts)
    check(verdict.allowed == (verdict.denial() == nullptr), "a verdict says why");
}

// Cases of tables are judged by the policies of the same file.
void test(const format::Value& document, const policy::PolicyDocuments& read, const policy::ReadOptions& options) {
  Result<policy::TestTable> table = policy::read_test_table(document, options);
  if (!table) return check(!table.error().diagnostics.empty(), "a refusal says what is wrong");
  policy::Coverage coverage;
  policy::TestInput input{read.policies, read.bindings, read.others};
  for (const policy::TestCase& one : table->cases) {
    if (one.object.value.is_null() && one.old_object.value.is_null()) continue;
    if (Result<policy::TestResult> result = policy::run_test(*table, one, input, options, coverage))
      check(!result->expected.empty() && !result->found.empty(), "a result says what was expected and what came");
  }
}

void run(const std::string& text) {
  format::Arena arena;
  Result<std::vector<format::Value>> documents = format::parse_yaml(arena, text, {});
  if (!documents) return;
  policy::ReadOptions options{"policies.yaml", text, nullptr};
  Result<policy::PolicyDocuments> read = policy::read_documents(*documents, options);
  if (read)
    for (const format::Value& document : *documents)
      if (policy::is_test_table(document)) test(document, *read, options);
  if (read) return judge(std::move(*read), *documents);
  check(!read.error().diagnostics.empty(), "a refusal says what is wrong");
  for (const Diagnostic& diagnostic : read.error().diagnostics)
    check(!render_diagnostic(diagnostic).empty(), "an error can be shown");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

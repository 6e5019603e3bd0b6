#pragma once

#include <span>
#include <string>

#include "core/policy/coverage.h"
#include "core/policy/read.h"
#include "core/policy/test_table.h"

namespace pawl::policy {

// What the cases of a table are judged by. All of it must outlive the run.
struct TestInput {
  std::span<const Policy> policies;
  std::span<const Binding> bindings;
  std::span<const format::Value> facts;
};

struct TestResult {
  bool passed = false;
  std::string expected;  // "allowed", "denied by replicas: more than five"
  std::string found;     // the same of what came
};

// Judges one case, whose sources all have a value. A policy that no binding puts in force is bound to deny; params of
// the case bind the policy that takes some, in place of its bindings. Errors: kInvalid for params that fit no policy,
// or not the schema of theirs.
Result<TestResult> run_test(const TestTable& table, const TestCase& test, const TestInput& world,
                            const ReadOptions& options, Coverage& coverage);

}  // namespace pawl::policy

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/policy/read.h"
#include "format/value.h"

namespace pawl::policy {

// Cases that a team's policies must judge as written: a document of kind PolicyTest.

// A document: written in the table, or in a file that it names; null and "" where neither is.
struct TestSource {
  format::Value value;
  std::string file;
  Position at;
};

// A denial that must be there. What is not given may be anything.
struct ExpectedDenial {
  std::string policy;
  std::optional<std::size_t> validation;
  std::string message;  // a part of it
};

struct Expectation {
  enum class Answer : std::uint8_t {
    kAllowed,    // by at least one validation that was evaluated
    kDenied,     // by a validation that said no: an error is none, unless `denials` name it
    kUnmatched,  // no rule was about it
  };
  Answer answer = Answer::kAllowed;
  std::vector<ExpectedDenial> denials;               // where there are any: these, and no other
  std::optional<std::vector<std::string>> warnings;  // parts of them: these, and no other
};

struct TestCase {
  std::string name;
  Position at;
  TestSource object;
  TestSource old_object;
  format::Value params;     // null: those of the table
  format::Value space;      // labels and annotations of the object's namespace, or a whole Namespace; null: not known
  format::Value user_info;  // null: that of the table
  Expectation expect;
};

struct TestTable {
  std::vector<TestSource> policies;  // files and folders, "library/NAME"
  std::vector<TestSource> facts;     // params, namespaces, definitions, bindings
  format::Value params;
  format::Value user_info;
  std::vector<TestCase> cases;
};

// Whether a document is a PolicyTest, of any version.
bool is_test_table(const format::Value& document);

// Reads one strictly; what is read shares the document's memory. Errors: kInvalid with all that is wrong, at its place.
Result<TestTable> read_test_table(const format::Value& document, const ReadOptions& options);

}  // namespace pawl::policy

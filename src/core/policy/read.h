#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/policy/binding.h"
#include "core/policy/policy.h"

namespace pawl::policy {

struct ReadOptions {
  std::string_view file;                  // named in diagnostics
  std::string_view text;                  // of the file; diagnostics quote its lines
  const cel::TimeZones* zones = nullptr;  // must outlive what is read
};

// What documents of files turned out to be.
struct PolicyDocuments {
  std::vector<Policy> policies;
  std::vector<Binding> bindings;
  std::vector<format::Value> others;  // params, namespaces, CustomResourceDefinitions: facts
};

// Whether a document is of group admissionregistration.k8s.io and one of the two kinds.
bool is_policy(const format::Value& document);
bool is_binding(const format::Value& document);

// Reads a ValidatingAdmissionPolicy (v1 or v1beta1), applies the apiserver's defaults and compiles its expressions.
// Errors: kInvalid with everything that an apiserver would refuse when it is created, in its words, at once; the file's
// own faults beside that: unknown fields, wrong types.
Result<Policy> read_policy(const format::Value& document, const ReadOptions& options = {});
Result<Binding> read_binding(const format::Value& document, const ReadOptions& options = {});

// Reads all documents of one file, items of a List each for itself. Errors: as above, of all documents.
Result<PolicyDocuments> read_documents(std::span<const format::Value> documents, const ReadOptions& options = {});

}  // namespace pawl::policy

#include <algorithm>
#include <iterator>

#include "core/policy/read.h"
#include "core/policy/resource.h"

namespace pawl::policy {

namespace {

bool is_kind(const format::Value& document, std::string_view kind) {
  return document.string_at("kind") == kind && kind_of(document).group == "admissionregistration.k8s.io";
}

// One version's fields are the other's; v1alpha1 is not served any more.
std::optional<Diagnostic> wrong_version(const format::Value& document, const ReadOptions& options) {
  std::string version = kind_of(document).version;
  if (version == "v1" || version == "v1beta1") return std::nullopt;
  const format::Value* at = document.find("apiVersion");
  Diagnostic made;
  made.file = options.file;
  made.at = at != nullptr ? at->at() : document.at();
  made.code = "unknown-version";
  made.summary = "no version \"" + version + "\" of " + std::string(document.string_at("kind"));
  made.snippet = line_of(options.text, made.at.line);
  made.help = "write admissionregistration.k8s.io/v1";
  return made;
}

template <class T>
void take(Result<T> made, std::vector<T>& into, std::vector<Diagnostic>& faults) {
  if (made) return into.push_back(std::move(*made));
  std::ranges::move(made.error().diagnostics, std::back_inserter(faults));
}

void read_one(const format::Value& document, const ReadOptions& options, PolicyDocuments& into,
              std::vector<Diagnostic>& faults) {
  if (document.string_at("kind").ends_with("List") && document.find("items") != nullptr) {
    for (const format::Value& item : document.find("items")->items()) read_one(item, options, into, faults);
    return;
  }
  bool policy = is_policy(document), binding = is_binding(document);
  if (!policy && !binding) return into.others.push_back(document);
  if (std::optional<Diagnostic> fault = wrong_version(document, options)) return faults.push_back(std::move(*fault));
  if (policy) return take(read_policy(document, options), into.policies, faults);
  take(read_binding(document, options), into.bindings, faults);
}

}  // namespace

bool is_policy(const format::Value& document) { return is_kind(document, "ValidatingAdmissionPolicy"); }
bool is_binding(const format::Value& document) { return is_kind(document, "ValidatingAdmissionPolicyBinding"); }

Result<PolicyDocuments> read_documents(std::span<const format::Value> documents, const ReadOptions& options) {
  PolicyDocuments made;
  std::vector<Diagnostic> faults;
  for (const format::Value& document : documents) read_one(document, options, made, faults);
  if (!faults.empty()) return invalid_files(std::move(faults));
  return made;
}

}  // namespace pawl::policy

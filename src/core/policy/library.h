#pragma once

#include <span>
#include <string_view>

namespace pawl::policy {

// A policy that comes with the program. It is text until somebody binds it: nothing is compiled, and it holds nowhere.
struct LibraryPolicy {
  std::string_view name;     // of the policy, and of its file: "allowed-registries"
  std::string_view summary;  // one line, lower case, no full stop
  // A ValidatingAdmissionPolicy and, where it takes params, the CustomResourceDefinition of their kind, as
  // read_documents() reads them.
  std::string_view text;
};

// All of them, by name.
std::span<const LibraryPolicy> library();
// Null where there is none of that name.
const LibraryPolicy* find_library_policy(std::string_view name);

}  // namespace pawl::policy

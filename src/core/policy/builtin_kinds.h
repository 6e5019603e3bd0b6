#pragma once

#include <span>
#include <string_view>

namespace pawl::policy {

struct BuiltinKind {
  std::string_view group, version, kind, plural;
  bool namespaced = true;
};

// Every kind that a Kubernetes 1.34 apiserver serves by default, and Pawl's own. tests/policy compares the former with
// what a real one says.
std::span<const BuiltinKind> builtin_kinds();

}  // namespace pawl::policy

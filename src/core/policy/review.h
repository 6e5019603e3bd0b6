#pragma once

#include <string>

#include "core/policy/match_resources.h"
#include "core/policy/resource.h"
#include "format/value.h"

namespace pawl::policy {

// One request as an apiserver puts it before its policies. The values it points at must outlive it.
struct Review {
  Operation operation = Operation::kCreate;
  ResourceOf of;
  std::string subresource;
  std::string name;
  std::string space;                          // of a Namespace its own name
  const format::Value* object = nullptr;      // null: gone (DELETE)
  const format::Value* old_object = nullptr;  // null: new (CREATE)
  const format::Value* user_info = nullptr;   // {username, uid, groups, extra}, or null
  const format::Value* options = nullptr;     // CreateOptions ..., or null
  bool dry_run = false;
};

// The review of one object that is to be, was, or both: CREATE where only `object` is there, DELETE where only
// `old_object` is, else UPDATE. Requires one of them.
Review review_of(ResourceOf of, const format::Value* old_object, const format::Value* object);

// `request` as expressions read it: what an apiserver's AdmissionRequest holds, empty fields left out as there. `kind`
// and `resource` are those by which the policy matched.
format::Value request_value(format::Arena& arena, const Review& review, const Kind& kind, const Resource& resource);

}  // namespace pawl::policy

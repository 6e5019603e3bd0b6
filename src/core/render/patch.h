#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/render/resource.h"

namespace pawl::render {

// Merges a strategic merge patch into `object`, with the merge keys of Kubernetes' built-in kinds; lists of other kinds
// are replaced. $patch and $retainKeys directives and null are honoured; new list elements go in front, as kustomize
// puts them. Returns false when the patch deletes the object.
bool merge_strategic(format::Arena& arena, format::Value& object, const format::Value& patch);

// Applies an RFC 6902 patch (a list of operations). Errors: kInvalid naming the operation and its path.
Status apply_json_patch(format::Arena& arena, format::Value& object, const format::Value& operations);

// Which objects a patch is for: fields of `target:`, each an anchored regular expression or a label selector.
struct Selector {
  std::string group;
  std::string version;
  std::string kind;
  std::string name;
  std::string space;
  std::string labels;
  std::string annotations;
};
Result<Selector> read_selector(const format::Value& target);
Result<bool> selects(const Selector& selector, const Item& item);
// Whether "a=b,c!=d,e in (f,g),!h,i" holds for `labels` (a map or null). Errors: kInvalid.
Result<bool> labels_match(const std::string& selector, const format::Value* labels);

}  // namespace pawl::render

#include "core/policy/verdict.h"

#include <algorithm>

#include "core/cel/lib/go_text.h"

namespace pawl::policy {

bool Finding::denies() const {
  return cause == Cause::kMisconfigured || std::ranges::find(actions, Action::kDeny) != actions.end();
}

std::string Finding::text() const {
  std::string by = binding.empty() ? "" : " with binding '" + binding + "'";
  return "ValidatingAdmissionPolicy '" + policy + "'" + by + " denied request: " + message;
}

const Finding* Verdict::denial() const {
  auto found = std::ranges::find_if(findings, &Finding::denies);
  return found == findings.end() ? nullptr : &*found;
}

std::string answer(const Review& review, const Finding& denial) {
  const Resource& resource = review.of.resource;
  std::string name = review.name;
  const format::Value* metadata = review.object == nullptr ? nullptr : review.object->find("metadata");
  if (name.empty() && metadata != nullptr) name = metadata->string_at("generateName");
  if (name.empty()) name = "Unknown";
  return resource.plural + (resource.group.empty() ? "" : "." + resource.group) + " " + cel::lib::go_quote(name) +
         " is forbidden: " + denial.text();
}

std::string answer(const Review& review, const Verdict& verdict) {
  const Finding* denial = verdict.denial();
  return denial == nullptr ? "" : answer(review, *denial);
}

bool Report::passed() const { return evaluated > 0 && std::ranges::all_of(verdicts, &Verdict::allowed); }

}  // namespace pawl::policy

#pragma once

#include <optional>
#include <string>

#include "core/policy/facts.h"
#include "core/policy/match_resources.h"
#include "core/policy/review.h"

namespace pawl::policy {

// Whether a request is one that the constraints are about.
struct Match {
  enum class Answer : std::uint8_t { kNo, kYes, kError };
  Answer answer = Answer::kNo;
  std::optional<ResourceOf> as;  // matched by another version of the same resource: this one
  std::string error;
};
Match match(const MatchResources& constraints, const Review& review, const Facts& facts);

// Whether an apiserver asks no policy about the resource at all: policies themselves, and reviews of access.
bool is_exempt(const Resource& resource);

}  // namespace pawl::policy

#pragma once

#include <span>
#include <string_view>

namespace pawl::model {

// kustomize's order of kinds: those that others need, the first one first, and those that must come last (webhooks
// judge nothing before what serves them is there). Every other kind stands between the two.
std::span<const std::string_view> kinds_applied_first();
std::span<const std::string_view> kinds_applied_last();

}  // namespace pawl::model

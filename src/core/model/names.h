#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/strong.h"

namespace pawl::model {

using ProjectName = Strong<struct ProjectNameTag>;
using EnvironmentName = Strong<struct EnvironmentNameTag>;
using LayerName = Strong<struct LayerNameTag>;
using PersonName = Strong<struct PersonNameTag>;
using GroupName = Strong<struct GroupNameTag>;

// Whether `name` is a DNS label as Kubernetes has it: a-z, 0-9 and "-", at most 63, first and last alphanumeric. Names
// become parts of paths, keys and URLs, so nothing else is let in.
bool is_dns_label(std::string_view name);
// Whether `label` may name a release: 1 to 128 of A-Z a-z 0-9 . _ + - with an alphanumeric first; not "r" and digits
// (serials), not a digest.
bool is_version_label(std::string_view label);

// The API group of every kind, here and nowhere else.
inline constexpr std::string_view kApiGroup = "pawl.dev";
inline constexpr std::string_view kApiVersion = "pawl.dev/v1alpha1";

}  // namespace pawl::model

#pragma once

#include "core/cel/function.h"

namespace pawl::cel::lib {

// cel-go v0.26's extension libraries, one file each; https://pkg.go.dev/github.com/google/cel-go@v0.26.0/ext has their
// contracts.

enum class StringsVersion : std::uint8_t {
  kSecond,  // Kubernetes': without reverse, format as it was, "%f" with thousands separators
  kFourth,
};
void add_strings(Registry& registry, StringsVersion version);
void add_lists(Registry& registry);
void add_sets(Registry& registry);
void add_math(Registry& registry);
void add_encoders(Registry& registry);

}  // namespace pawl::cel::lib

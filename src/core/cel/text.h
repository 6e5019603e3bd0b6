#pragma once

#include <string>

#include "core/cel/value.h"

namespace pawl::cel {

inline constexpr std::string_view kInterrupted = "operation interrupted";

// A value as cel-go's messages show it (Go's %v): text without quotes, numbers in their shortest form.
std::string display(const Value& value);
// The name of the Go type that cel-go keeps such a value in: "types.Int". Some of its messages show it.
std::string go_type(const Value& value);

}  // namespace pawl::cel

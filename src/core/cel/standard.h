#pragma once

#include "core/cel/environment.h"
#include "core/cel/function.h"

namespace pawl::cel {

// Adds what cel-spec's standard library declares, optional values and the helpers of macros. Operators and the few
// functions that every policy calls are declared without an implementation: the planner has its own for them.
void add_standard_library(Registry& registry, Dialect dialect);

}  // namespace pawl::cel

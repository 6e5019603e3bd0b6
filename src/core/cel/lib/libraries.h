#pragma once

#include "core/cel/environment.h"
#include "core/cel/function.h"

namespace pawl::cel {

// Adds every extension library of the dialect: what is not cel-spec's standard library.
void add_libraries(Registry& registry, Dialect dialect);

}  // namespace pawl::cel

#pragma once

#include "core/cel/function.h"

namespace pawl::cel {

// optional.of() and the rest of the optional values' library; `or` and `orValue` are the planner's.
void add_optionals(Registry& registry);

}  // namespace pawl::cel

#pragma once

#include "core/cel/function.h"

namespace pawl::cel {

// getFullYear() and its kin, of timestamps (with a time zone, too) and of durations.
void add_getters(Registry& registry);

}  // namespace pawl::cel

#pragma once

#include "core/cel/function.h"

namespace pawl::cel {

// bool(), bytes(), double(), duration(), int(), string(), timestamp(), uint().
void add_conversions(Registry& registry);

}  // namespace pawl::cel

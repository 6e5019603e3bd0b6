#pragma once

#include <span>

#include "core/policy/evaluate.h"
#include "ports/executor.h"

namespace pawl::engine {

// The verdicts of all reviews, in their order: judged in parts, at once; what comes of it does not depend on that.
policy::Report judge(ports::Executor& executor, const policy::PolicySet& policies, const policy::Facts& facts,
                     std::span<const policy::Review> reviews);

}  // namespace pawl::engine

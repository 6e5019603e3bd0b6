#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/judge.h"

namespace pawl::sim {

struct Verdict {
  std::string broken;  // "" when every invariant held after every step, and the day ended well
  std::string story;   // what happened, one line a step
};

// One simulated day: a function of its seed and its plant.
Verdict simulate(std::uint64_t seed, Coverage& coverage, Rendered& rendered, Plant plant = Plant::kNone);

}  // namespace pawl::sim

#include "tests/sim/day.h"

#include "tests/sim/actors.h"

namespace pawl::sim {

Verdict simulate(std::uint64_t seed, Coverage& coverage, Rendered& rendered, Plant plant) {
  constexpr int kSteps = 120;
  World world(seed, coverage, plant);
  Judge judge(world, coverage, rendered);
  Actors actors(world);
  Verdict verdict;
  for (int step = 1; step <= kSteps; ++step) {
    verdict.story += std::to_string(step) + ". " + actors.act() + "\n";
    verdict.broken = judge.look();
    if (!verdict.broken.empty()) return verdict;
  }
  std::string stuck = actors.settle();
  verdict.broken = judge.look();
  if (verdict.broken.empty() && !stuck.empty()) verdict.broken = "4 intent comes before effect: " + stuck;
  return verdict;
}

}  // namespace pawl::sim

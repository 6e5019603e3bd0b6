#include "tests/sim/faults.h"

namespace pawl::sim {

std::string_view name_of(Blow blow) {
  switch (blow) {
    case Blow::kNone:
      return "nothing";
    case Blow::kKill:
      return "killed";
    case Blow::kPowerLoss:
      return "power loss";
    case Blow::kError:
      return "error";
    case Blow::kInterrupt:
      return "interrupted";
    case Blow::kPause:
      return "paused";
  }
  return "";
}

Fate draw_fate(Chance& chance) {
  constexpr std::size_t kShortVerb = 50;
  constexpr std::size_t kLongVerb = 160;
  if (!chance.one_in(3)) return {};
  Blow blow = chance.of(std::vector<Blow>{Blow::kKill, Blow::kKill, Blow::kPowerLoss, Blow::kPowerLoss, Blow::kError,
                                          Blow::kError, Blow::kInterrupt, Blow::kPause});
  std::size_t latest = chance.one_in(2) ? kShortVerb : kLongVerb;
  return {blow, 1 + chance.below(latest)};
}

}  // namespace pawl::sim

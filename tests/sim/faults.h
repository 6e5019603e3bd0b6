#pragma once

#include <cstdint>
#include <string_view>

#include "tests/sim/chance.h"

namespace pawl::sim {

// What may befall a process at one of its port calls.
enum class Blow : std::uint8_t {
  kNone,
  kKill,       // it dies: that call and all that follow fail
  kPowerLoss,  // every process dies, and what was not synced is gone
  kError,      // the call fails, and the process goes on
  kInterrupt,  // somebody presses Ctrl-C
  kPause,      // it is stopped for longer than a lease while the others go on, and then goes on itself
};
std::string_view name_of(Blow blow);

struct Fate {
  Blow blow = Blow::kNone;
  std::uint64_t call = 0;  // which of the process's port calls, from 1
};

// Most processes meet nothing; the others meet it early, where most verbs end, or late.
Fate draw_fate(Chance& chance);

}  // namespace pawl::sim

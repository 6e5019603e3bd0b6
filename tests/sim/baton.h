#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

#include "tests/sim/chance.h"

namespace pawl::sim {

// Runs several bodies at once of which exactly one goes at a time: the one that has the baton. Who gets it next is
// drawn, so that a schedule is a function of the seed. Nobody may hold a lock while handing it on.
class Baton {
 public:
  explicit Baton(Chance& chance) : chance_(chance) {}

  // The first goes first. Returns when every body has.
  void run(const std::vector<std::function<void()>>& bodies);
  bool racing() const { return !runners_.empty(); }

  // Called by the body that goes: lets one that is ready go, perhaps itself. Returns when it is the caller's turn
  // again.
  void hand_on();
  // The same, but the caller is out until everybody else has ended or is out too: a process that was stopped.
  void pause();

 private:
  enum class Runner : std::uint8_t { kReady, kPaused, kDone };
  void wait(std::unique_lock<std::mutex>& lock, std::size_t self);
  void choose();

  Chance& chance_;
  std::mutex mutex_;
  std::condition_variable turn_changed_;
  std::vector<Runner> runners_;
  std::size_t turn_ = 0;
};

}  // namespace pawl::sim

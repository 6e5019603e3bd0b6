#pragma once

#include <atomic>

#include "ports/clock.h"

namespace pawl::memory {

// A clock that stands until it is moved, backwards too. Thread-safe.
class Clock : public ports::Clock {
 public:
  explicit Clock(Time start) : now_(start) {}
  Time now() override { return now_; }
  void set(Time time) { now_ = time; }
  void advance(Duration by) { now_ = now_.load() + by; }

 private:
  std::atomic<Time> now_;
};

}  // namespace pawl::memory

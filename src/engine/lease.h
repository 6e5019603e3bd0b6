#pragma once

#include <string>

#include "engine/world.h"

namespace pawl::engine {

// The lease of whoever drives a promotion. It spares two drivers useless work; that the second one's work has no effect
// is what epochs are for. Thread-safe.
class DrivingLease {
 public:
  DrivingLease(World& world, std::string name) : world_(world), name_(std::move(name)) {}

  // Takes it, or makes it last longer: `work` and a minute from now on, so that no part of the work outlives it.
  // Returns whether this process has it; one that was left by a process that is gone is taken.
  Result<bool> hold(Duration work);
  Status release();

 private:
  World& world_;
  std::string name_;
};

}  // namespace pawl::engine

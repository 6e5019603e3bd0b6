#pragma once

#include "base/time.h"

namespace pawl::ports {

// The wall clock. The engine alone reads it, and never behind the last ledger entry (engine/now.h).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() = 0;
};

}  // namespace pawl::ports

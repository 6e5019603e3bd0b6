#pragma once

#include <memory>

#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/executor.h"
#include "ports/time_zones.h"

namespace pawl::local {

// This machine's clock and random numbers, and a pool of `threads` threads that live while for_each() runs.
std::shared_ptr<ports::Clock> system_clock();
// The compiled zones of `folder`: /usr/share/zoneinfo, or what TZDIR names.
std::shared_ptr<ports::TimeZones> time_zones(std::string folder);
std::shared_ptr<ports::Entropy> system_entropy();
std::shared_ptr<ports::Executor> thread_pool(unsigned threads);

}  // namespace pawl::local

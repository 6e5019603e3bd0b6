#pragma once

#include <memory>

#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/executor.h"

namespace pawl::local {

// This machine's clock and random numbers, and a pool of `threads` threads that live while for_each() runs.
std::shared_ptr<ports::Clock> system_clock();
std::shared_ptr<ports::Entropy> system_entropy();
std::shared_ptr<ports::Executor> thread_pool(unsigned threads);

}  // namespace pawl::local

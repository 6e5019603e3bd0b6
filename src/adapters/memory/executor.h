#pragma once

#include "ports/executor.h"

namespace pawl::memory {

// Runs the tasks on the caller's thread, in order.
class Executor : public ports::Executor {
 public:
  void for_each(std::size_t count, const std::function<void(std::size_t)>& task) override {
    for (std::size_t i = 0; i < count; ++i) task(i);
  }
};

}  // namespace pawl::memory

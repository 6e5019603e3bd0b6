#pragma once

#include <cstddef>
#include <functional>

namespace pawl::ports {

// A bounded pool. The simulator's runs the same tasks one at a time, in an order it chooses.
class Executor {
 public:
  virtual ~Executor() = default;
  // Calls task(0) .. task(count - 1), possibly at once and in any order; returns when all have returned.
  virtual void for_each(std::size_t count, const std::function<void(std::size_t)>& task) = 0;
};

}  // namespace pawl::ports

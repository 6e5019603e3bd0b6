#pragma once

#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "ports/executor.h"

namespace pawl::memory {

// Runs the tasks one at a time on the caller's thread: in order, or in the order that `draw` (a number below its
// argument) shuffles them into.
class Executor : public ports::Executor {
 public:
  using Draw = std::function<std::size_t(std::size_t below)>;
  explicit Executor(Draw draw = {}) : draw_(std::move(draw)) {}

  void for_each(std::size_t count, const std::function<void(std::size_t)>& task) override {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t left = count; draw_ && left > 1; --left) std::swap(order[left - 1], order[draw_(left)]);
    for (std::size_t i : order) task(i);
  }

 private:
  Draw draw_;
};

}  // namespace pawl::memory

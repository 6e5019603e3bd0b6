#pragma once

#include <mutex>
#include <vector>

#include "ports/notifier.h"

namespace pawl::memory {

// Remembers what it was told. Thread-safe.
class Notifier : public ports::Notifier {
 public:
  void notify(const ports::Progress& progress) override {
    std::lock_guard lock(mutex_);
    seen_.push_back(progress);
  }
  std::vector<ports::Progress> seen() const {
    std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<ports::Progress> seen_;
};

}  // namespace pawl::memory

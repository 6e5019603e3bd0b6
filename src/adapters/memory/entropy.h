#pragma once

#include <cstdint>
#include <mutex>

#include "ports/entropy.h"

namespace pawl::memory {

// Bytes that are a function of the seed and of how many were drawn before. Thread-safe.
class Entropy : public ports::Entropy {
 public:
  explicit Entropy(std::uint64_t seed) : state_(seed) {}
  std::string bytes(std::size_t count) override;

 private:
  std::uint64_t next();
  std::mutex mutex_;
  std::uint64_t state_;
};

}  // namespace pawl::memory

#include "adapters/memory/entropy.h"

namespace pawl::memory {

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t Entropy::next() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string Entropy::bytes(std::size_t count) {
  std::lock_guard lock(mutex_);
  std::string drawn;
  while (drawn.size() < count) {
    std::uint64_t word = next();
    for (int i = 0; i < 8 && drawn.size() < count; ++i) drawn += static_cast<char>(word >> (8 * i));
  }
  return drawn;
}

}  // namespace pawl::memory

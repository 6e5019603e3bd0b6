#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace pawl::sim {

// Every draw of one simulated day comes from here, so that the seed is the day.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed * 0x9e3779b97f4a7c15u + 1) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace pawl::sim

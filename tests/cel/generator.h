#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::cel_testing {

// Makes expressions over the variables of kVariables: mostly well typed, now and then not, so that errors are met too.
// The same seed makes the same expressions.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string expression();

 private:
  enum class Kind : std::uint8_t {
    kBool,
    kInt,
    kDouble,
    kString,
    kInts,
    kStrings,
    kMap,
    kDyn,
    kOptional,
    kTime,
    kUint,
    kBytes
  };

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  std::string_view one_of(const std::vector<std::string_view>& choices) { return choices[below(choices.size())]; }

  std::string make(Kind kind, int depth);
  std::string leaf(Kind kind);
  std::string fill(std::string_view pattern, int depth);
  std::string local();

  std::mt19937_64 random_;
  std::vector<std::string> locals_;
  int names_ = 0;
};

}  // namespace pawl::cel_testing

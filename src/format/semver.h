#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::format {

// A semantic version (semver.org 2.0.0). Ordered by precedence; build metadata does not count.
struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::vector<std::string> prerelease;  // identifiers between the dots

  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const { return (*this <=> other) == std::strong_ordering::equal; }
};

// Reads "1.2.3-rc.1+build", and as tags have it "v1.2" and "1" too: what is absent is 0. nullopt for anything else.
std::optional<Version> parse_version(std::string_view text);

// Which versions are wanted, in the notation that npm, Helm and Flux share: ">=6.12 <7", "^1.2", "~1.2.3", "1.x",
// "1.2 - 2", alternatives behind "||", commas as blanks.
class VersionRange {
 public:
  // Errors: kInvalid, naming the part.
  static Result<VersionRange> parse(std::string_view text);
  // A pre-release is wanted only where a bound of the same alternative is a pre-release of the same major.minor.patch.
  bool contains(const Version& version) const;

 private:
  struct Bound {
    enum class Sign : std::uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual, kEqual } sign;
    Version version;
    bool admits(const Version& version) const;
  };
  using Alternative = std::vector<Bound>;
  friend struct RangeReader;

  std::vector<Alternative> alternatives_;
};

}  // namespace pawl::format

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pawl::testing_support {

// A compiled time zone (TZif, RFC 9636): transitions (seconds since 1970, the offset that begins) and the rule behind
// them: "CET-1CEST,M3.5.0,M10.5.0/3".
inline std::string tzif(const std::string& rule,
                        const std::vector<std::pair<std::int64_t, std::int32_t>>& transitions = {}) {
  auto number = [](std::uint64_t value, int size) {
    std::string out;
    for (int i = size - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    return out;
  };
  auto header = [&](std::size_t times) {
    return "TZif2" + std::string(15, '\0') + number(0, 4) + number(0, 4) + number(0, 4) + number(times, 4) +
           number(times + 1, 4) + number(4, 4);
  };
  auto kind = [&](std::int32_t offset) { return number(static_cast<std::uint32_t>(offset), 4) + std::string(2, '\0'); };
  std::string out = header(0) + kind(0) + std::string("UTC\0", 4) + header(transitions.size());
  for (const auto& [when, offset] : transitions) out += number(static_cast<std::uint64_t>(when), 8);
  for (std::size_t i = 0; i < transitions.size(); ++i) out += static_cast<char>(i + 1);
  out += kind(0);
  for (const auto& [when, offset] : transitions) out += kind(offset);
  return out + std::string("UTC\0", 4) + "\n" + rule + "\n";
}

}  // namespace pawl::testing_support

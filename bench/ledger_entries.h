#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pawl::bench {

// The five entries that one promotion to an environment with two gates and one check leaves in the ledger: opened,
// started, applied, check finished, finished. Encoded as the engine encodes them, and no two alike.
std::vector<std::string> entries_of_promotion(std::uint64_t number);

// The entries of as many promotions as it takes, `count` in all.
std::vector<std::string> ledger_entries(std::size_t count);

}  // namespace pawl::bench

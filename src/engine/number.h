#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pawl::engine {

// A whole number as people write one: digits and nothing else; nullopt for any other text.
std::optional<std::uint64_t> whole_number(std::string_view text);

}  // namespace pawl::engine

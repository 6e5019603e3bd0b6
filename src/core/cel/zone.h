#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pawl::cel {

// Seconds east of UTC at an instant, by the rules of one time zone as RFC 8536 writes them, the rule for the time after
// the last listed change included. Nothing where the bytes are no such file. Nothing in them is trusted.
std::optional<std::int64_t> zone_offset(std::string_view rules, std::int64_t seconds);

}  // namespace pawl::cel

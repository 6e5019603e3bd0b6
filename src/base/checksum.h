#pragma once

#include <cstdint>
#include <string_view>

namespace pawl {

// XXH3 with 64 bits: finds what disks do to bytes, fast. Whoever may write the bytes could write any sum.
std::uint64_t checksum(std::string_view bytes);

}  // namespace pawl

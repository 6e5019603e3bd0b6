#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"

// One harness a parser: each defines this entry, which libFuzzer calls under clang and replay.cc everywhere else. A
// parser may refuse any input; what a harness checks (beside that nothing crashes) is that what was accepted comes back
// the same from its own writer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace pawl::fuzz {

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace pawl::fuzz

#include "engine/number.h"

#include <charconv>

namespace pawl::engine {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace pawl::engine

#include "core/model/predicate_type.h"

#include <algorithm>

namespace pawl::model {

bool is_predicate_type(std::string_view text) {
  constexpr std::size_t kLongest = 512;
  bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return plain && text.size() <= kLongest && text.find(':') != std::string_view::npos;
}

}  // namespace pawl::model

#include "core/policy/library.h"

#include <algorithm>

namespace pawl::policy {

const LibraryPolicy* find_library_policy(std::string_view name) {
  std::span<const LibraryPolicy> all = library();
  auto found = std::ranges::find(all, name, &LibraryPolicy::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace pawl::policy

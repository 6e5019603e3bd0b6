#include "core/plan/records.h"

namespace pawl::plan {

Result<std::optional<std::string>> Records::get(const std::string& key) const {
  if (auto found = written_.find(key); found != written_.end()) return std::optional<std::string>(found->second);
  return fetch_(key);
}

}  // namespace pawl::plan

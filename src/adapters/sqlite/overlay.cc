#include "adapters/sqlite/overlay.h"

namespace pawl::sqlite {

void Overlay::put(std::string_view key, std::string_view value) {
  auto found = records_.find(key);
  if (found == records_.end()) {
    before_.emplace_back(key, std::nullopt);
    records_.emplace(key, value);
    return;
  }
  before_.emplace_back(key, std::exchange(found->second, std::string(value)));
}

void Overlay::keep() {
  before_.clear();
  kept_entries_ = entries_.size();
}

void Overlay::undo() {
  for (auto change = before_.rbegin(); change != before_.rend(); ++change) {
    if (change->second)
      records_[change->first] = std::move(*change->second);
    else
      records_.erase(change->first);
  }
  before_.clear();
  entries_.resize(kept_entries_);
}

}  // namespace pawl::sqlite

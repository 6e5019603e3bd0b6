#pragma once

#include <map>
#include <mutex>
#include <string>

#include "ports/cache.h"

namespace pawl::memory {

class Cache : public ports::Cache {
 public:
  std::optional<SharedBytes> get(const crypto::Digest& key) override {
    std::lock_guard lock(mutex_);
    auto found = kept_.find(key);
    return found == kept_.end() ? std::nullopt : std::optional(SharedBytes(found->second));
  }
  void put(const crypto::Digest& key, std::string_view bytes) override {
    std::lock_guard lock(mutex_);
    kept_.insert_or_assign(key, std::string(bytes));
  }

 private:
  std::mutex mutex_;
  std::map<crypto::Digest, std::string> kept_;
};

}  // namespace pawl::memory

#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/cel/function.h"
#include "os/file.h"

namespace pawl::cel_testing {

// The time zones of this machine.
class SystemZones : public cel::TimeZones {
 public:
  std::optional<std::string_view> find(std::string_view name) const override {
    std::scoped_lock lock(mutex_);
    auto [place, is_new] = zones_.try_emplace(std::string(name));
    if (is_new && name.find("..") == std::string_view::npos) {
      Result<std::string> bytes = os::read_file("/usr/share/zoneinfo/" + std::string(name));
      if (bytes) place->second = std::move(*bytes);
    }
    return place->second ? std::optional<std::string_view>(*place->second) : std::nullopt;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::optional<std::string>> zones_;
};

}  // namespace pawl::cel_testing

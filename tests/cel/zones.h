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
  const format::TimeZone* find(std::string_view name) const override {
    std::scoped_lock lock(mutex_);
    auto [place, is_new] = zones_.try_emplace(std::string(name));
    if (is_new) place->second = read(std::string(name));
    return place->second ? &*place->second : nullptr;
  }

 private:
  static std::optional<format::TimeZone> read(const std::string& name) {
    if (name.find("..") != std::string::npos) return std::nullopt;
    Result<std::string> bytes = os::read_file("/usr/share/zoneinfo/" + name);
    Result<format::TimeZone> zone = bytes ? format::TimeZone::parse(*bytes) : std::move(bytes).error();
    return zone ? std::optional(std::move(*zone)) : std::nullopt;
  }

  mutable std::mutex mutex_;
  mutable std::map<std::string, std::optional<format::TimeZone>> zones_;
};

}  // namespace pawl::cel_testing

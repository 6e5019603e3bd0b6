#pragma once

#include <map>
#include <string>

#include "ports/time_zones.h"

namespace pawl::memory {

// Compiled zones by their names.
class TimeZones : public ports::TimeZones {
 public:
  explicit TimeZones(std::map<std::string, std::string> zones) : zones_(std::move(zones)) {}

  Result<std::string> read(const std::string& name) override {
    auto found = zones_.find(name);
    if (found != zones_.end()) return found->second;
    return Error(ErrorCode::kNotFound, "there is no time zone " + name);
  }

 private:
  std::map<std::string, std::string> zones_;
};

}  // namespace pawl::memory

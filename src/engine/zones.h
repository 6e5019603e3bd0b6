#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/cel/function.h"
#include "core/model/configuration.h"
#include "engine/world.h"
#include "format/time_zone.h"

namespace pawl::engine {

// The time zone of that name. Errors: kNotFound for one that this machine does not know, kInvalid for a damaged one.
Result<format::TimeZone> read_zone(World& world, const std::string& name);

// The zones of the environment's windows; one that cannot be read is left out, and its window says so.
std::map<std::string, format::TimeZone> zones_of(World& world, const model::Environment& environment);

// That every window's zone is known. Errors: kInvalid naming those that are not.
Status check_zones(World& world, const model::Configuration& configuration);

// The machine's zones as expressions name them, each read once.
class ExpressionZones final : public cel::TimeZones {
 public:
  explicit ExpressionZones(std::shared_ptr<ports::TimeZones> zones) : zones_(std::move(zones)) {}
  const format::TimeZone* find(std::string_view name) const override;

 private:
  std::shared_ptr<ports::TimeZones> zones_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::optional<format::TimeZone>, std::less<>> read_;
};

}  // namespace pawl::engine

#include "engine/zones.h"

namespace pawl::engine {

namespace {

const model::WindowGate* window_of(const model::Gate& gate) { return std::get_if<model::WindowGate>(&gate); }

Result<format::TimeZone> zone_from(ports::TimeZones* zones, const std::string& name) {
  if (name == "UTC") return format::TimeZone();
  if (zones == nullptr) return Error(ErrorCode::kNotFound, "no time zone but UTC is known here");
  PAWL_ASSIGN(std::string bytes, zones->read(name));
  return format::TimeZone::parse(bytes);
}

}  // namespace

Result<format::TimeZone> read_zone(World& world, const std::string& name) { return zone_from(world.zones.get(), name); }

const format::TimeZone* ExpressionZones::find(std::string_view name) const {
  std::scoped_lock lock(mutex_);
  auto [place, is_new] = read_.try_emplace(std::string(name));
  if (is_new) {
    if (Result<format::TimeZone> zone = zone_from(zones_.get(), place->first)) place->second = std::move(*zone);
  }
  return place->second ? &*place->second : nullptr;
}

std::map<std::string, format::TimeZone> zones_of(World& world, const model::Environment& environment) {
  std::map<std::string, format::TimeZone> out;
  for (const model::Gate& gate : environment.gates) {
    const model::WindowGate* window = window_of(gate);
    if (window == nullptr) continue;
    if (Result<format::TimeZone> zone = read_zone(world, window->time_zone)) out.emplace(window->time_zone, *zone);
  }
  return out;
}

Status check_zones(World& world, const model::Configuration& configuration) {
  std::string unknown;
  for (const model::Environment& environment : configuration.environments) {
    for (const model::Gate& gate : environment.gates) {
      const model::WindowGate* window = window_of(gate);
      if (window == nullptr || read_zone(world, window->time_zone)) continue;
      unknown += (unknown.empty() ? "" : ", ") + ("\"" + window->time_zone + "\" of " + environment.name.str());
    }
  }
  if (unknown.empty()) return {};
  return Error(ErrorCode::kInvalid, "a window has a time zone that is not known: " + unknown,
               "an IANA name of this machine's database: ls /usr/share/zoneinfo");
}

}  // namespace pawl::engine

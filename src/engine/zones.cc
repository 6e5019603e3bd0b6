#include "engine/zones.h"

namespace pawl::engine {

namespace {

const model::WindowGate* window_of(const model::Gate& gate) { return std::get_if<model::WindowGate>(&gate); }

}  // namespace

Result<format::TimeZone> read_zone(World& world, const std::string& name) {
  if (name == "UTC") return format::TimeZone();
  if (!world.zones) return Error(ErrorCode::kNotFound, "no time zone but UTC is known here");
  PAWL_ASSIGN(std::string bytes, world.zones->read(name));
  return format::TimeZone::parse(bytes);
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

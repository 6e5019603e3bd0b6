#include "core/cel/environment.h"

#include <algorithm>

#include "core/cel/lib/libraries.h"
#include "core/cel/standard.h"

namespace pawl::cel {

Environment::Environment(Dialect dialect)
    : dialect_(dialect), variables_(std::make_shared<const std::vector<Variable>>()) {
  auto registry = std::make_shared<Registry>();
  add_standard_library(*registry, dialect);
  add_libraries(*registry, dialect);
  registry->set_single("sort");
  registry->set_single("@sortByAssociatedKeys");
  registry_ = std::move(registry);
}

Environment& Environment::declare(std::string name, Type type) {
  auto changed = std::make_shared<std::vector<Variable>>(*variables_);
  auto known = std::find_if(changed->begin(), changed->end(), [&](const Variable& v) { return v.name == name; });
  if (known == changed->end())
    changed->push_back({std::move(name), std::move(type)});
  else
    known->type = std::move(type);
  variables_ = std::move(changed);
  return *this;
}

Environment& Environment::declare_function(std::string_view name, Overload overload) {
  auto changed = std::make_shared<Registry>(*registry_);
  changed->add(name, std::move(overload));
  registry_ = std::move(changed);
  return *this;
}

Environment& Environment::set_container(std::string name) {
  container_ = std::move(name);
  return *this;
}

Environment& Environment::set_time_zones(const TimeZones& zones) {
  zones_ = &zones;
  return *this;
}

std::optional<std::size_t> Environment::index_of(std::string_view name) const {
  for (std::size_t i = 0; i < variables_->size(); ++i)
    if ((*variables_)[i].name == name) return i;
  return std::nullopt;
}

std::vector<std::string> Environment::candidates(std::string_view name) const {
  if (name.starts_with('.')) return {std::string(name.substr(1))};
  std::vector<std::string> made;
  for (std::string prefix = container_; !prefix.empty();) {
    made.push_back(prefix + "." + std::string(name));
    std::size_t dot = prefix.rfind('.');
    prefix.resize(dot == std::string::npos ? 0 : dot);
  }
  made.emplace_back(name);
  return made;
}

}  // namespace pawl::cel

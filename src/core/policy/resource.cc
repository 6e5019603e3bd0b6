#include "core/policy/resource.h"

#include "base/text.h"
#include "core/policy/builtin_kinds.h"

namespace pawl::policy {

Kind kind_of(std::string_view api_version, std::string_view kind) {
  std::size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) return {"", std::string(api_version), std::string(kind)};
  return {std::string(api_version.substr(0, slash)), std::string(api_version.substr(slash + 1)), std::string(kind)};
}

Kind kind_of(const format::Value& object) { return kind_of(object.string_at("apiVersion"), object.string_at("kind")); }

Resources::Resources() {
  for (const BuiltinKind& builtin : builtin_kinds()) {
    std::string group(builtin.group), version(builtin.version);
    add(ResourceOf{{group, version, std::string(builtin.kind)},
                   {group, version, std::string(builtin.plural)},
                   builtin.namespaced});
  }
}

void Resources::add(ResourceOf resource) {
  by_plural_[resource.resource.plural].insert(resource.kind);
  Kind kind = resource.kind;
  kinds_[std::move(kind)] = std::move(resource);
}

void Resources::add(const format::Value& object) {
  if (object.string_at("kind") != "CustomResourceDefinition" || kind_of(object).group != "apiextensions.k8s.io") return;
  const format::Value* spec = object.find("spec");
  const format::Value* names = object.at_path({"spec", "names"});
  const format::Value* versions = object.at_path({"spec", "versions"});
  if (spec == nullptr || names == nullptr || versions == nullptr) return;
  std::string group(spec->string_at("group"));
  std::string kind(names->string_at("kind"));
  for (const format::Value& version : versions->items()) {
    const format::Value* served = version.find("served");
    if (served != nullptr && served->is_bool() && !served->as_bool()) continue;
    std::string name(version.string_at("name"));
    add(ResourceOf{{group, name, kind},
                   {group, name, std::string(names->string_at("plural"))},
                   spec->string_at("scope") != "Cluster"});
  }
  const format::Value* strategy = object.at_path({"spec", "conversion", "strategy"});
  if (strategy == nullptr || strategy->string_or_empty() == "None") by_name_.emplace(group, kind);
}

const ResourceOf* Resources::find(const Kind& kind) const {
  auto found = kinds_.find(kind);
  return found == kinds_.end() ? nullptr : &found->second;
}

const ResourceOf* Resources::find_any_version(const Kind& kind) const {
  if (const ResourceOf* exact = find(kind)) return exact;
  for (const auto& [known, resource] : kinds_)
    if (known.group == kind.group && known.kind == kind.kind) return &resource;
  return nullptr;
}

Result<ResourceOf> Resources::resource_of(const Kind& kind) const {
  if (const ResourceOf* found = find(kind)) return *found;
  return Error(ErrorCode::kNotFound, "no resource is known for " + kind.str(),
               "add its CustomResourceDefinition to the bundle, or to the files that the policies are in");
}

std::vector<ResourceOf> Resources::equivalents(const Resource& resource) const {
  std::vector<ResourceOf> found;
  auto named = by_plural_.find(resource.plural);
  if (named == by_plural_.end()) return found;
  auto has_events = [](const std::string& group) { return group.empty() || group == "events.k8s.io"; };
  for (const Kind& kind : named->second) {
    const ResourceOf& other = kinds_.at(kind);
    if (other.resource == resource) continue;
    bool events = resource.plural == "events" && has_events(kind.group) && has_events(resource.group);
    if (kind.group == resource.group || events) found.push_back(other);
  }
  return found;
}

bool Resources::converts_by_name(const Kind& from, const Kind& to) const {
  return from.group == to.group && from.kind == to.kind && by_name_.contains({from.group, from.kind});
}

ResourceOf resource_of(const Resources& resources, const format::Value& object) {
  Kind kind = kind_of(object);
  if (const ResourceOf* known = resources.find(kind)) return *known;
  const format::Value* metadata = object.find("metadata");
  return guess(kind, metadata != nullptr && !metadata->string_at("namespace").empty());
}

ResourceOf guess(const Kind& kind, bool namespaced) {
  std::string plural = to_lower(kind.kind);
  if (plural.ends_with("s"))
    plural += "es";
  else if (plural.ends_with("y"))
    plural = plural.substr(0, plural.size() - 1) + "ies";
  else
    plural += "s";
  return {kind, {kind.group, kind.version, std::move(plural)}, namespaced};
}

}  // namespace pawl::policy

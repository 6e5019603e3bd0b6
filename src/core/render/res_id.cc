#include "core/render/res_id.h"

#include "core/render/scalar.h"

namespace pawl::render {

using format::Value;

std::string_view group_of(std::string_view api_version) {
  std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

std::string_view version_of(std::string_view api_version) {
  std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? api_version : api_version.substr(slash + 1);
}

bool Gvk::selected_by(const Gvk& selector) const {
  return (selector.kind.empty() || selector.kind == kind) && (selector.group.empty() || selector.group == group) &&
         (selector.version.empty() || selector.version == version);
}

std::string Gvk::sort_text() const {
  std::string out(group.empty() ? "~G" : group);
  out += '_';
  out += version.empty() ? "~V" : version;
  out += '_';
  out += kind.empty() ? "~K" : kind;
  return out;
}

std::string_view ResId::effective_space() const {
  if (cluster_scoped) return "_non_namespaceable_";
  return space.empty() ? "default" : space;
}

bool ResId::same(const ResId& other) const {
  return name == other.name && gvk == other.gvk && effective_space() == other.effective_space();
}

bool ResId::selected_by(const ResId& selector) const {
  return (selector.name.empty() || selector.name == name) &&
         (selector.space.empty() || selector.effective_space() == effective_space()) && gvk.selected_by(selector.gvk);
}

std::string ResId::str() const {
  std::string out(gvk.kind);
  out += '/';
  out += name;
  if (!space.empty()) out += " (namespace " + std::string(space) + ")";
  return out;
}

Gvk gvk_of(const Value& object) {
  std::string_view api_version = text_at(object, "apiVersion");
  return {group_of(api_version), version_of(api_version), text_at(object, "kind")};
}

ResId make_id(Schema& schema, const Gvk& gvk, std::string_view name, std::string_view space) {
  return {gvk, name, space, schema.is_cluster_scoped(gvk.group, gvk.version, gvk.kind)};
}

ResId id_of(Schema& schema, const Value& object) {
  std::string_view api_version;
  ResId id;
  // One pass over the object's few fields.
  for (const format::Member& member : object.members()) {
    if (member.key == "apiVersion")
      api_version = text_of(&member.value);
    else if (member.key == "kind")
      id.gvk.kind = text_of(&member.value);
    else if (member.key == "metadata") {
      id.name = text_at(member.value, "name");
      id.space = text_at(member.value, "namespace");
    }
  }
  id.gvk.group = group_of(api_version);
  id.gvk.version = version_of(api_version);
  id.cluster_scoped = schema.is_cluster_scoped(id.gvk.group, id.gvk.version, id.gvk.kind);
  return id;
}

}  // namespace pawl::render

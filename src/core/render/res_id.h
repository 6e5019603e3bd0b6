#pragma once

#include <string>
#include <string_view>

#include "core/render/schema.h"

namespace pawl::render {

// Group, version and kind. Views of text that lives in the build's arena; "" matches anything where it selects.
struct Gvk {
  std::string_view group = {};
  std::string_view version = {};
  std::string_view kind = {};
  bool operator==(const Gvk&) const = default;

  bool empty() const { return group.empty() && version.empty() && kind.empty(); }
  // Whether `selector` agrees in all that it says.
  bool selected_by(const Gvk& selector) const;
  // "apps_v1_Deployment", with what is missing after everything else: the order in which kustomize sorts.
  std::string sort_text() const;
};

// The parts of "apps/v1".
std::string_view group_of(std::string_view api_version);
std::string_view version_of(std::string_view api_version);

// What kustomize tells objects apart by.
struct ResId {
  Gvk gvk = {};
  std::string_view name = {};
  std::string_view space = {};  // as written; "" and "default" are one where the kind has namespaces
  bool cluster_scoped = false;

  // The namespace it counts as: "default" for none, one name for everything that has none.
  std::string_view effective_space() const;
  bool same(const ResId& other) const;
  // Whether `selector` agrees in all that it says (no pattern).
  bool selected_by(const ResId& selector) const;
  std::string str() const;  // "Deployment/web (namespace shop)"
};

Gvk gvk_of(const format::Value& object);
ResId make_id(Schema& schema, const Gvk& gvk, std::string_view name, std::string_view space);
ResId id_of(Schema& schema, const format::Value& object);

}  // namespace pawl::render

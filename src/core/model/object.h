#pragma once

#include <compare>
#include <string>

#include "format/value.h"

namespace pawl::model {

// What tells one Kubernetes object from another.
struct ObjectId {
  std::string api_version;  // "apps/v1"
  std::string kind;
  std::string space;  // its namespace; "" when it has none
  std::string name;
  auto operator<=>(const ObjectId&) const = default;

  // "Deployment/checkout", with the namespace in front where there is one: "shop/Deployment/checkout".
  std::string str() const;
};

// The file that an object is in where bundles are files: "[namespace.]kind.name.yaml", of bounded length.
std::string file_name(const ObjectId& id);

// Reads apiVersion, kind, metadata.namespace and metadata.name; absent ones are "".
ObjectId object_id(const format::Value& object);

}  // namespace pawl::model

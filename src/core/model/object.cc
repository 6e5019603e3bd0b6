#include "core/model/object.h"

namespace pawl::model {

std::string ObjectId::str() const { return (space.empty() ? "" : space + "/") + kind + "/" + name; }

ObjectId object_id(const format::Value& object) {
  ObjectId id{std::string(object.string_at("apiVersion")), std::string(object.string_at("kind")), {}, {}};
  if (const format::Value* metadata = object.find("metadata")) {
    id.space = metadata->string_at("namespace");
    id.name = metadata->string_at("name");
  }
  return id;
}

}  // namespace pawl::model

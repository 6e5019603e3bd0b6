#include "core/model/object.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/digest.h"

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

namespace {

constexpr std::size_t kLongestName = 200;  // file systems end at 255 bytes; there must be room for a temporary's suffix

}  // namespace

std::string file_name(const model::ObjectId& id) {
  std::string out = to_lower(id.kind) + "." + id.name;
  if (!id.space.empty()) out = id.space + "." + out;
  std::replace(out.begin(), out.end(), ':', '_');
  if (out.size() > kLongestName) out = out.substr(0, kLongestName) + "-" + crypto::sha256(id.str()).hex().substr(0, 12);
  return out + ".yaml";
}

}  // namespace pawl::model

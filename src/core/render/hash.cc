#include <algorithm>

#include "core/render/generate.h"
#include "core/render/go_json.h"
#include "core/render/scalar.h"
#include "crypto/digest.h"

namespace pawl::render {

using format::Value;

namespace {

// A map as data; text as it is written; "" for nothing.
std::string go_field(const Value* field) { return field == nullptr ? go_json(Value::string_ref("")) : go_json(*field); }

// The text whose hash names a generated ConfigMap or Secret; an absent map reads as "". kustomize means to hash the
// name too, but looks it up under a field called "metadata/name" and always finds "".
std::string hash_input(std::string_view kind, const Value& object) {
  auto map_at = [&](std::string_view key) {
    const Value* map = object.find(key);
    return map != nullptr && map->is_map() ? map : nullptr;
  };
  std::string out = "{";
  if (kind == "Secret") {
    out += "\"data\":" + go_field(object.find("data")) + ",\"kind\":\"Secret\",\"name\":\"\"";
    if (const Value* text = map_at("stringData")) out += ",\"stringData\":" + go_field(text);
    return out + ",\"type\":" + go_json(Value::string_ref(object.string_at("type"))) + "}";
  }
  if (const Value* binary = map_at("binaryData")) out += "\"binaryData\":" + go_field(binary) + ",";
  return out + "\"data\":" + go_field(object.find("data")) + ",\"kind\":\"ConfigMap\",\"name\":\"\"}";
}

Result<std::string> name_hash(const Item& item) {
  if (item.kind() != "Secret" && item.kind() != "ConfigMap")
    return about(item, "only ConfigMaps and Secrets get a hash as a suffix");
  format::Arena scratch;
  Value data = item.object.clone(scratch);
  PAWL_TRY(read_scalars(scratch, data));
  std::string hash = crypto::sha256(hash_input(item.kind(), data)).hex().substr(0, 10);
  for (char& c : hash) {
    // Letters in place of what could spell words, as kubectl's hashes have it.
    switch (c) {
      case '0':
        c = 'g';
        break;
      case '1':
        c = 'h';
        break;
      case '3':
        c = 'k';
        break;
      case 'a':
        c = 'm';
        break;
      case 'e':
        c = 't';
        break;
      default:
        break;
    }
  }
  return hash;
}

}  // namespace

Status add_hashes(World& world, std::vector<Item>& items) {
  for (Item& item : items) {
    if (!item.hashed) continue;
    PAWL_ASSIGN(std::string hash, name_hash(item));
    item.remember(world.schema);
    set_name(world.arena, item.object, std::string(item.name()) + "-" + hash);
  }
  return {};
}

}  // namespace pawl::render

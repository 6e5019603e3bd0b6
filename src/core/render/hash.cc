#include <algorithm>

#include "core/render/generate.h"
#include "core/render/scalar.h"
#include "crypto/digest.h"
#include "format/json.h"

namespace pawl::render {

using format::Value;

namespace {

// As Go's encoding/json: keys sorted by bytes; <, >, & and the two line separators escaped.
void append_go_string(std::string& out, std::string_view text) {
  std::string plain = format::render_json(Value::string_ref(text));
  for (std::size_t i = 0; i < plain.size(); ++i) {
    char c = plain[i];
    if (c == '<')
      out += "\\u003c";
    else if (c == '>')
      out += "\\u003e";
    else if (c == '&')
      out += "\\u0026";
    else if (plain.compare(i, 3, "\xE2\x80\xA8") == 0) {
      out += "\\u2028";
      i += 2;
    } else if (plain.compare(i, 3, "\xE2\x80\xA9") == 0) {
      out += "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
}

void append_go_json(std::string& out, const Value& value);

void append_go_map(std::string& out, const Value& map) {
  std::vector<const format::Member*> sorted;
  for (const format::Member& member : map.members()) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  out += '{';
  for (const format::Member* member : sorted) {
    if (member != sorted.front()) out += ',';
    append_go_string(out, member->key);
    out += ':';
    append_go_json(out, member->value);
  }
  out += '}';
}

void append_go_json(std::string& out, const Value& value) {
  if (value.is_map()) return append_go_map(out, value);
  if (value.is_string()) return append_go_string(out, value.as_string());
  if (!value.is_list()) {
    out += format::render_json(value);
    return;
  }
  out += '[';
  for (const Value& item : value.items()) {
    if (&item != value.items().data()) out += ',';
    append_go_json(out, item);
  }
  out += ']';
}

// A map as data; text as it is written; "" for nothing.
std::string go_field(const Value* field) {
  std::string out;
  if (field == nullptr || field->is_string())
    append_go_string(out, field == nullptr ? std::string_view() : field->as_string());
  else
    append_go_json(out, *field);
  return out;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_go_string(out, text);
  return out;
}

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
    return out + ",\"type\":" + quoted(object.string_at("type")) + "}";
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

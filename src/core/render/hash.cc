#include <algorithm>

#include "core/render/transform.h"
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

std::string go_map(const Value* map) {
  if (map == nullptr || !map->is_map()) return "\"\"";
  std::vector<const format::Member*> sorted;
  for (const format::Member& member : map->members()) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  std::string out = "{";
  for (const format::Member* member : sorted) {
    if (out.size() > 1) out += ',';
    append_go_string(out, member->key);
    out += ':';
    if (member->value.is_string())
      append_go_string(out, member->value.as_string());
    else
      out += format::render_json(member->value);
  }
  return out + "}";
}

std::string quoted(std::string_view text) {
  std::string out;
  append_go_string(out, text);
  return out;
}

// The text whose hash names a generated ConfigMap or Secret; an absent map reads as "". kustomize means to hash the
// name too, but looks it up under a field called "metadata/name" and always finds "".
std::string hash_input(const Item& item) {
  const Value& object = item.object;
  std::string out = "{";
  if (item.kind() == "Secret") {
    out += "\"data\":" + go_map(object.find("data")) + ",\"kind\":\"Secret\",\"name\":\"\"";
    if (const Value* text = object.find("stringData")) out += ",\"stringData\":" + go_map(text);
    return out + ",\"type\":" + quoted(object.string_at("type")) + "}";
  }
  if (const Value* binary = object.find("binaryData")) out += "\"binaryData\":" + go_map(binary) + ",";
  return out + "\"data\":" + go_map(object.find("data")) + ",\"kind\":\"ConfigMap\",\"name\":\"\"}";
}

std::string name_hash(const Item& item) {
  std::string hash = crypto::sha256(hash_input(item)).hex().substr(0, 10);
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

void add_hashes(format::Arena& arena, Items& items) {
  for (Item& item : items) {
    if (!item.hashed) continue;
    std::string name = std::string(item.name()) + "-" + name_hash(item);
    item.remember();
    item.set_name(arena, name);
  }
}

}  // namespace pawl::render

#include "base/text.h"
#include "core/render/transform.h"
#include "format/yaml.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

// Labels and annotations are strings, however a kustomization writes them.
Value as_text(format::Arena& arena, const Value& value) {
  if (value.is_string()) return value;
  std::string text = value.is_null() ? "" : format::render_yaml(value);
  while (text.ends_with('\n')) text.pop_back();
  return Value::string(arena, text);
}

}  // namespace

void add_pairs(format::Arena& arena, Items& items, const Value& pairs, std::span<const FieldSpec> specs) {
  if (pairs.empty()) return;
  for (Item& item : items) {
    for (const FieldSpec& spec : specs) {
      if (!applies(spec, item)) continue;
      visit_field(arena, item.object, spec, [&](Value& at) {
        if (at.is_null()) at = Value::map();
        if (!at.is_map()) return;
        for (const Member& pair : pairs.members()) at.set(arena, pair.key, as_text(arena, pair.value));
      });
    }
  }
}

namespace {

struct ImageText {
  std::string_view name;
  std::string_view tag;     // with its ":"
  std::string_view digest;  // with its "@"
};

ImageText split_image(std::string_view text) {
  ImageText out;
  std::size_t at = text.find('@');
  if (at != std::string_view::npos) {
    out.digest = text.substr(at);
    text = text.substr(0, at);
  }
  std::size_t colon = text.rfind(':');
  bool tagged = colon != std::string_view::npos && text.find('/', colon) == std::string_view::npos;
  out.name = tagged ? text.substr(0, colon) : text;
  if (tagged) out.tag = text.substr(colon);
  return out;
}

std::string text_at(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->as_string())
         : value->is_int()  ? std::to_string(value->as_int())
                            : std::string();
}

std::string renamed(const ImageText& old, const Value& image) {
  std::string new_name = text_at(image, "newName");
  std::string new_tag = text_at(image, "newTag");
  std::string digest = text_at(image, "digest");
  std::string suffix = text_at(image, "tagSuffix");
  std::string out = new_name.empty() ? std::string(old.name) : new_name;
  std::string tag(old.tag);
  std::string digest_text(old.digest);
  if (!new_tag.empty() || !digest.empty()) {
    tag = new_tag.empty() ? "" : ":" + new_tag;
    digest_text = digest.empty() ? "" : "@" + digest;
  }
  if (!suffix.empty() && digest.empty() && !tag.empty()) tag += suffix;
  return out + tag + digest_text;
}

// Every string at `image` of containers, wherever a list of them stands, and at volumes' image/reference.
void visit_images(Value& at, const std::function<void(Value&)>& visit) {
  for (Value& item : at.items()) visit_images(item, visit);
  for (Member& member : at.members()) {
    bool containers = member.key == "containers" || member.key == "initContainers";
    if (containers && member.value.is_list()) {
      for (Value& container : member.value.items()) {
        if (Value* image = container.find("image"); image != nullptr && image->is_string()) visit(*image);
      }
    } else if (member.key == "volumes" && member.value.is_list()) {
      for (Value& volume : member.value.items()) {
        Value* image = volume.find("image");
        Value* reference = image == nullptr ? nullptr : image->find("reference");
        if (reference != nullptr && reference->is_string()) visit(*reference);
      }
    } else {
      visit_images(member.value, visit);
    }
  }
}

}  // namespace

void set_image(format::Arena& arena, Items& items, const Value& image) {
  std::string name = text_at(image, "name");
  for (Item& item : items) {
    if (item.kind() == "CustomResourceDefinition") continue;
    visit_images(item.object, [&](Value& text) {
      ImageText old = split_image(text.as_string());
      if (old.name == name) text = Value::string(arena, renamed(old, image));
    });
  }
}

Status set_replicas(format::Arena& arena, Items& items, const Value& replicas) {
  std::string name = text_at(replicas, "name");
  const Value* count = replicas.find("count");
  bool found = false;
  for (Item& item : items) {
    bool named = item.name() == name;
    for (const model::ObjectId& id : item.before) named |= id.name == name;
    if (!named) continue;
    for (const FieldSpec& spec : replica_specs()) {
      if (!applies(spec, item)) continue;
      found = true;
      visit_field(arena, item.object, spec, [&](Value& at) { at = count == nullptr ? Value::integer(0) : *count; });
    }
  }
  if (found) return {};
  return Error(ErrorCode::kInvalid,
               "replicas: no Deployment, StatefulSet, ReplicaSet or ReplicationController is named \"" + name + "\"");
}

}  // namespace pawl::render

#include "core/render/origin.h"

#include "base/text.h"
#include "core/render/read_fields.h"
#include "format/yaml.h"

namespace pawl::render {

using format::Arena;
using format::Value;

namespace {

struct ConfiguredBy {
  std::string_view api_version = {};
  std::string_view kind = {};
  std::string_view name = {};
  std::string_view space = {};
};
template <class R>
void fields(R& r, ConfiguredBy& x) {
  r("apiVersion", x.api_version);
  r("kind", x.kind);
  r("name", x.name);
  r("namespace", x.space);
}

struct OriginFields {
  std::string_view path = {};
  std::string_view configured_in = {};
  ConfiguredBy by = {};
};
template <class R>
void fields(R& r, OriginFields& x) {
  r("path", x.path);
  r("configuredIn", x.configured_in);
  r("configuredBy", x.by);
}

// As filepath.Join does: "." and ".." are resolved, a path that leaves its start keeps its "..".
std::string clean_path(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else
      parts.push_back(part);
  }
  std::string out;
  for (std::string_view part : parts) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

Value origin_value(Arena& arena, const ObjectOrigin& origin) {
  Value out = Value::map();
  auto put = [&](Value& map, std::string_view key, const std::string& text) {
    if (!text.empty()) map.append_member(arena, key, Value::string(arena, text));
  };
  put(out, "path", origin.path);
  put(out, "configuredIn", origin.configured_in);
  Value by = Value::map();
  put(by, "apiVersion", origin.api_version);
  put(by, "kind", origin.kind);
  put(by, "name", origin.name);
  put(by, "namespace", origin.space);
  if (!by.empty()) out.append_member(arena, "configuredBy", by);
  return out;
}

}  // namespace

ObjectOrigin ObjectOrigin::joined(std::string_view more) const {
  ObjectOrigin out = *this;
  out.path = clean_path(path + "/" + std::string(more));
  return out;
}

std::string ObjectOrigin::yaml() const {
  Arena scratch;
  return format::render_yaml(origin_value(scratch, *this), format::KeyOrder::kAsWritten);
}

Result<std::optional<ObjectOrigin>> origin_of(Arena& arena, const Value& object) {
  const Value* annotations = annotations_of(object);
  const Value* text = annotations == nullptr ? nullptr : annotations->find(kOriginAnnotation);
  if (text == nullptr) return std::optional<ObjectOrigin>();
  PAWL_ASSIGN(std::vector<Value> documents, parse_text(arena, text_of(text), std::string(kOriginAnnotation)));
  if (documents.empty()) return std::optional<ObjectOrigin>(ObjectOrigin{});
  PAWL_ASSIGN(OriginFields read, read_fields<OriginFields>(documents[0], {.unknown = true, .numbers = true}));
  return std::optional<ObjectOrigin>(ObjectOrigin{std::string(read.path), std::string(read.configured_in),
                                                  std::string(read.by.api_version), std::string(read.by.kind),
                                                  std::string(read.by.name), std::string(read.by.space)});
}

Result<std::optional<ObjectOrigin>> origin_by(Arena& arena, const Value& config) {
  PAWL_ASSIGN(std::optional<ObjectOrigin> origin, origin_of(arena, config));
  if (!origin) return origin;
  const Value* metadata = config.find("metadata");
  std::string name(metadata == nullptr ? std::string_view() : text_at(*metadata, "name"));
  std::string space(metadata == nullptr ? std::string_view() : text_at(*metadata, "namespace"));
  return std::optional<ObjectOrigin>(ObjectOrigin{{},
                                                  origin->path,
                                                  std::string(text_at(config, "apiVersion")),
                                                  std::string(text_at(config, "kind")),
                                                  std::move(name),
                                                  std::move(space)});
}

void note_generated(Arena& arena, Item& item, const ObjectOrigin& by) {
  const Value* annotations = annotations_of(item.object);
  if (annotations != nullptr && annotations->find(kOriginAnnotation) != nullptr) return;
  make_texts(arena, item.object, "annotations");
  set_annotation(arena, item.object, kOriginAnnotation, by.yaml());
}

Status note_transformed(Arena& arena, std::vector<Item>& items, const ObjectOrigin& by) {
  Arena scratch;
  Value entry = Value::list();
  entry.push_back(scratch, origin_value(scratch, by));
  std::string text = format::render_yaml(entry, format::KeyOrder::kAsWritten);
  std::string origin = by.yaml();
  for (Item& item : items) {
    make_texts(arena, item.object, "annotations");
    const Value* annotations = annotations_of(item.object);
    bool known = annotations != nullptr && annotations->find(kOriginAnnotation) != nullptr;
    if (!known) {
      set_annotation(arena, item.object, kOriginAnnotation, origin);
      continue;
    }
    const Value* old = annotations->find(kTransformationsAnnotation);
    set_annotation(arena, item.object, kTransformationsAnnotation, std::string(text_of(old)) + text);
  }
  return {};
}

}  // namespace pawl::render

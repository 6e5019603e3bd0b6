#include "core/render/generate.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "core/render/origin.h"
#include "core/render/scalar.h"

namespace pawl::render {

using format::Arena;
using format::Member;
using format::Value;

namespace {

// Base64 as kustomize writes it: in lines of 70, each ended, once there is more than one.
std::string lined_base64(std::string_view bytes) {
  constexpr std::size_t kLine = 70;
  std::string flat = to_base64(bytes);
  if (flat.size() < kLine) return flat;
  std::string out;
  for (std::size_t i = 0; i < flat.size(); i += kLine) out += flat.substr(i, kLine) + "\n";
  return out;
}

// Data that is no UTF-8 goes to binaryData.
void put_data(Arena& arena, Value& object, std::string_view key, std::string_view bytes, bool binary) {
  bool text = is_valid_utf8(bytes);
  Value& map = child_map(arena, object, binary || !text ? "binaryData" : "data");
  map.set(arena, key, text ? string_value(arena, bytes) : string_value(arena, lined_base64(bytes)));
}

std::string_view without_quotes(std::string_view text) {
  bool quoted = text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// Collects the pairs of a generator, in kustomize's order: env files, literals, files.
class Sources {
 public:
  Sources(World& world, const std::string& folder) : world_(world), folder_(folder) {}

  Status add(const GeneratorArgs& args) {
    for (std::string_view path : args.envs) PAWL_TRY(add_env_file(path));
    for (std::string_view literal : args.literals) PAWL_TRY(add_literal(literal));
    for (std::string_view source : args.files) PAWL_TRY(add_file(source));
    return {};
  }
  const Pairs& pairs() const { return pairs_; }

 private:
  Result<std::string_view> read(std::string_view path) {
    PAWL_ASSIGN(Files::Below file, world_.files.read_below(folder_, path));
    return world_.arena.copy(file.bytes);
  }

  Status put(std::string_view key, std::string_view value) {
    if (!pairs_.emplace(key, value).second)
      return Error(ErrorCode::kInvalid, "the key \"" + escape_terminal(key.substr(0, 64)) + "\" comes twice");
    return {};
  }

  Status add_literal(std::string_view literal) {
    std::size_t equal = literal.find('=');
    if (equal == std::string_view::npos || equal == 0) return Error(ErrorCode::kInvalid, "a literal reads key=value");
    return put(literal.substr(0, equal), without_quotes(literal.substr(equal + 1)));
  }

  Status add_file(std::string_view source) {
    std::size_t equal = source.find('=');
    bool keyed = equal != std::string_view::npos;
    bool well_formed =
        !keyed || (equal != 0 && equal + 1 != source.size() && source.find('=', equal + 1) == std::string_view::npos);
    if (!well_formed) return Error(ErrorCode::kInvalid, "a file reads path, or key=path");
    std::string_view path = keyed ? source.substr(equal + 1) : source;
    std::string_view key = keyed ? source.substr(0, equal) : path.substr(path.rfind('/') + 1);
    PAWL_ASSIGN(std::string_view bytes, read(path));
    return put(key, bytes);
  }

  Status add_env_file(std::string_view path) {
    PAWL_ASSIGN(std::string_view text, read(path));
    if (!is_valid_utf8(text)) return Error(ErrorCode::kInvalid, std::string(path) + " is no UTF-8");
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      std::size_t end = std::min(text.find('\n'), text.size());
      PAWL_TRY(add_line(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
  }

  Status add_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::size_t start = line.find_first_not_of(" \t\n\v\f\r");
    if (start == std::string_view::npos || line[start] == '#') return {};
    line.remove_prefix(start);
    std::size_t equal = line.find('=');
    if (equal == 0) return {};
    return put(line.substr(0, equal), equal == std::string_view::npos ? std::string_view() : line.substr(equal + 1));
  }

  World& world_;
  const std::string& folder_;
  Pairs pairs_;
};

void put_metadata(Arena& arena, Value& object, std::string_view field, const Pairs& pairs) {
  if (pairs.empty()) return;
  Value& map = child_map(arena, child_map(arena, object, "metadata"), field);
  for (const auto& [key, text] : pairs) map.set(arena, key, string_value(arena, text));
}

Behavior behavior_of(std::string_view text) {
  if (text == "create") return Behavior::kCreate;
  if (text == "merge") return Behavior::kMerge;
  if (text == "replace") return Behavior::kReplace;
  return Behavior::kUnspecified;
}

Value base_object(Arena& arena, const GeneratorArgs& args, std::string_view kind) {
  Value object = Value::map();
  object.set(arena, "apiVersion", "v1");
  object.set(arena, "kind", kind);
  set_name(arena, object, args.name);
  if (!args.space.empty()) set_space(arena, object, args.space);
  return object;
}

}  // namespace

std::optional<GeneratorOptions> merge_options(const std::optional<GeneratorOptions>& own,
                                              const std::optional<GeneratorOptions>& shared) {
  if (!shared) return own;
  GeneratorOptions out = own.value_or(GeneratorOptions{});
  out.labels.insert(shared->labels.begin(), shared->labels.end());
  out.annotations.insert(shared->annotations.begin(), shared->annotations.end());
  out.no_hash |= shared->no_hash;
  out.immutable |= shared->immutable;
  return out;
}

Result<Item> generate(World& world, const std::string& folder, const GeneratorArgs& args, bool secret) {
  if (args.name.empty()) return Error(ErrorCode::kInvalid, "a generator has a name");
  Arena& arena = world.arena;
  Sources sources(world, folder);
  PAWL_TRY_WITHIN(sources.add(args),
                  "generating " + std::string(secret ? "Secret/" : "ConfigMap/") + std::string(args.name));
  Item item{.object = base_object(arena, args, secret ? "Secret" : "ConfigMap")};
  if (secret) {
    item.object.set(arena, "type", string_value(arena, args.type.empty() ? "Opaque" : args.type));
    Value& data = child_map(arena, item.object, "data");
    for (const auto& [key, bytes] : sources.pairs()) data.set(arena, key, string_value(arena, lined_base64(bytes)));
  } else {
    for (const auto& [key, bytes] : sources.pairs()) put_data(arena, item.object, key, bytes, false);
  }
  if (args.options) {
    put_metadata(arena, item.object, "labels", args.options->labels);
    put_metadata(arena, item.object, "annotations", args.options->annotations);
    if (args.options->immutable) item.object.set(arena, "immutable", plain_value(arena, "true"));
  }
  item.hashed = !args.options || !args.options->no_hash;
  item.behavior = behavior_of(args.behavior);
  item.touched = true;
  return item;
}

namespace {

// Sets metadata's map `field` to what `old` has there under what `fresh` has, all as strings.
void merge_metadata(Arena& arena, Value& fresh, const Value& old, std::string_view field) {
  Value merged = Value::map();
  for (const Value* object : {&old, static_cast<const Value*>(&fresh)}) {
    const Value* map = object->at_path({"metadata", field});
    if (map == nullptr) continue;
    for (const Member& member : map->members())
      merged.set(arena, member.key, string_value(arena, member.value.string_or_empty()));
  }
  Value& metadata = child_map(arena, fresh, "metadata");
  metadata.erase(field);
  if (!merged.empty()) metadata.set(arena, field, merged);
}

void merge_data(Arena& arena, Value& fresh, const Value& old, bool binary) {
  std::string_view field = binary ? "binaryData" : "data";
  Pairs merged;
  for (const Value* object : {&old, static_cast<const Value*>(&fresh)}) {
    const Value* map = object->find(field);
    if (map == nullptr) continue;
    for (const Member& member : map->members()) merged[member.key] = text_of(&member.value);
  }
  fresh.erase(field);
  for (const auto& [key, text] : merged) put_data(arena, fresh, key, text, binary);
}

// A Secret's stringData as data, which is where a generated Secret keeps it.
Result<Value> with_encoded_data(Arena& arena, const Value& secret) {
  Value out = secret.clone(arena);
  const Value* texts = out.find("stringData");
  if (texts == nullptr) return out;
  if (!is_null(*texts)) {
    if (!texts->is_map()) return Error(ErrorCode::kInvalid, "stringData must be a map");
    Value kept = *texts;
    Value& data = child_map(arena, out, "data");
    for (const Member& member : kept.members()) {
      if (!member.value.is_string())
        return Error(ErrorCode::kInvalid, "stringData \"" + std::string(member.key.substr(0, 64)) + "\" is no text");
      data.set(arena, member.key, string_value(arena, lined_base64(text_of(&member.value))));
    }
  }
  out.erase("stringData");
  return out;
}

}  // namespace

Status take_over(Arena& arena, Item& fresh, const Item& old) {
  bool merges = fresh.behavior == Behavior::kMerge;
  std::optional<std::string_view> origin;
  if (const Value* annotations = annotations_of(old.object); merges && annotations != nullptr) {
    if (const Value* text = annotations->find(kOriginAnnotation)) origin = text_of(text);
  }
  merge_metadata(arena, fresh.object, old.object, "labels");
  merge_metadata(arena, fresh.object, old.object, "annotations");
  set_name(arena, fresh.object, old.name());
  set_space(arena, fresh.object, old.space());
  if (merges) {
    Value data = old.object;
    if (text_at(fresh.object, "kind") == "Secret") {
      PAWL_ASSIGN(data, with_encoded_data(arena, old.object));
    }
    merge_data(arena, fresh.object, data, false);
    merge_data(arena, fresh.object, old.object, true);
    if (origin) set_annotation(arena, fresh.object, kOriginAnnotation, *origin);
  }
  fresh.before = old.before;
  fresh.prefixes = old.prefixes;
  fresh.suffixes = old.suffixes;
  fresh.variables = old.variables;
  fresh.hashed = fresh.hashed && old.hashed;
  fresh.behavior = old.behavior;
  return {};
}

}  // namespace pawl::render

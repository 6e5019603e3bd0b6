#include "core/render/generate.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/text.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

class Generator {
 public:
  Generator(format::Arena& arena, Files& files, const std::string& folder, std::string_view kind)
      : arena_(arena), files_(files), folder_(folder), secret_(kind == "Secret") {}

  Status fill(const Value& entry, Value& object) {
    PAWL_TRY(each(entry, "literals", [&](std::string_view text) { return literal(text); }));
    PAWL_TRY(each(entry, "envs", [&](std::string_view path) { return env_file(path); }));
    if (const Value* one = entry.find("env"); one != nullptr && !one->string_or_empty().empty())
      PAWL_TRY(env_file(one->string_or_empty()));
    PAWL_TRY(each(entry, "files", [&](std::string_view text) { return file(text); }));
    if (!data_.empty()) object.set(arena_, "data", data_);
    if (!binary_.empty()) object.set(arena_, "binaryData", binary_);
    return {};
  }

 private:
  Status each(const Value& entry, std::string_view field, auto take) {
    const Value* list = entry.find(field);
    if (list == nullptr || list->is_null()) return {};
    if (!list->is_list()) return Error(ErrorCode::kInvalid, std::string(field) + " is not a list");
    for (const Value& item : list->items()) {
      if (!item.is_string())
        return Error(ErrorCode::kInvalid,
                     std::string(field) + " holds " + std::string(name_of(item.kind())) + "; strings are expected");
      PAWL_TRY(take(item.as_string()));
    }
    return {};
  }

  static bool is_config_key(std::string_view key) {
    return !key.empty() && key.size() <= 253 && key != "." && !key.starts_with("..") &&
           std::all_of(key.begin(), key.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                    c == '_' || c == '.';
           });
  }

  Status put(std::string_view key, std::string_view bytes) {
    if (!is_config_key(key))
      return Error(ErrorCode::kInvalid,
                   "\"" + escape_terminal(key.substr(0, 100)) + "\" cannot be a key of a ConfigMap or Secret");
    if (data_.find(key) != nullptr || binary_.find(key) != nullptr)
      return Error(ErrorCode::kInvalid, "key \"" + std::string(key) + "\" is given twice");
    if (secret_)
      data_.set(arena_, key, to_base64(bytes));
    else if (is_valid_utf8(bytes))
      data_.set(arena_, key, bytes);
    else
      binary_.set(arena_, key, to_base64(bytes));
    return {};
  }

  Status literal(std::string_view text) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return Error(ErrorCode::kInvalid, "the literal \"" + std::string(text.substr(0, 60)) + "\" is not KEY=VALUE");
    std::string_view value = text.substr(equals + 1);
    bool quoted = value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0];
    if (quoted) value = value.substr(1, value.size() - 2);
    return put(text.substr(0, equals), value);
  }

  Result<std::string_view> read(std::string_view path) {
    PAWL_ASSIGN(std::string resolved, resolve_path(folder_, path));
    PAWL_ASSIGN(std::optional<std::string_view> bytes, files_.read(resolved));
    if (!bytes) return Error(ErrorCode::kNotFound, "there is no file " + resolved);
    return *bytes;
  }

  Status file(std::string_view text) {
    std::size_t equals = text.find('=');
    std::string_view path = equals == std::string_view::npos ? text : text.substr(equals + 1);
    std::string_view key = equals == std::string_view::npos
                               ? path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1)
                               : text.substr(0, equals);
    PAWL_ASSIGN(std::string_view bytes, read(path));
    return put(key, bytes);
  }

  Status env_file(std::string_view path) {
    PAWL_ASSIGN(std::string_view bytes, read(path));
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    for (std::string_view line : split(bytes, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      std::size_t start = line.find_first_not_of(" \t");
      line = start == std::string_view::npos ? std::string_view() : line.substr(start);
      if (line.empty() || line[0] == '#') continue;
      std::size_t equals = line.find('=');
      // A name alone takes its value from the environment, which no rendering reads.
      if (equals == std::string_view::npos)
        return Error(ErrorCode::kInvalid, std::string(path) + ": \"" + std::string(line.substr(0, 60)) +
                                              "\" has no value; values never come from the environment");
      PAWL_TRY(put(line.substr(0, equals), line.substr(equals + 1)));
    }
    return {};
  }

  format::Arena& arena_;
  Files& files_;
  const std::string& folder_;
  bool secret_;
  Value data_ = Value::map();
  Value binary_ = Value::map();
};

Behavior behavior_of(std::string_view word) {
  if (word == "create") return Behavior::kCreate;
  if (word == "merge") return Behavior::kMerge;
  if (word == "replace") return Behavior::kReplace;
  return Behavior::kUnspecified;
}

// An option of the entry, else of the kustomization.
const Value* option(const Value& entry, const Value* shared, std::string_view key) {
  const Value* own = entry.at_path({"options", key});
  if (own != nullptr) return own;
  return shared == nullptr ? nullptr : shared->find(key);
}

void add_metadata(format::Arena& arena, Value& metadata, const Value& entry, const Value* shared,
                  std::string_view key) {
  Value out = Value::map();
  const Value* own = entry.at_path({"options", key});
  const Value* all = shared == nullptr ? nullptr : shared->find(key);
  for (const Value* map : {all, own}) {
    if (map == nullptr) continue;
    for (const Member& member : map->members()) out.set(arena, member.key, member.value);
  }
  if (!out.empty()) metadata.set(arena, key, out);
}

}  // namespace

Result<Item> generate(format::Arena& arena, Files& files, const std::string& folder, const Value& entry,
                      std::string_view kind, const Value* shared) {
  std::string_view name = entry.string_at("name");
  if (name.empty()) return Error(ErrorCode::kInvalid, "a generator without a name");
  Item item;
  Value& object = item.object;
  object = Value::map();
  object.set(arena, "apiVersion", "v1");
  object.set(arena, "kind", kind);
  Value metadata = Value::map();
  metadata.set(arena, "name", name);
  if (std::string_view space = entry.string_at("namespace"); !space.empty()) metadata.set(arena, "namespace", space);
  add_metadata(arena, metadata, entry, shared, "labels");
  add_metadata(arena, metadata, entry, shared, "annotations");
  object.set(arena, "metadata", metadata);
  PAWL_TRY_WITHIN(Generator(arena, files, folder, kind).fill(entry, object),
                  "generating " + std::string(kind) + "/" + std::string(name));
  if (kind == "Secret") {
    std::string_view type = entry.string_at("type");
    object.set(arena, "type", type.empty() ? "Opaque" : type);
  }
  const Value* immutable = option(entry, shared, "immutable");
  if (immutable != nullptr && immutable->is_bool() && immutable->as_bool()) object.set(arena, "immutable", *immutable);
  const Value* disabled = option(entry, shared, "disableNameSuffixHash");
  item.hashed = !(disabled != nullptr && disabled->is_bool() && disabled->as_bool());
  item.behavior = behavior_of(entry.string_at("behavior"));
  item.file = folder + "/kustomization.yaml";
  return item;
}

namespace {

Status merge_map(format::Arena& arena, Value& into, const Value& from, std::string_view key) {
  const Value* added = from.find(key);
  if (added == nullptr) return {};
  Value* there = into.find(key);
  if (there == nullptr || there->is_null()) there = &into.set(arena, key, Value::map());
  if (!there->is_map())
    return Error(ErrorCode::kInvalid, std::string(key) + " is not a map, so nothing can be merged into it");
  for (const Member& member : added->members()) there->set(arena, member.key, member.value);
  return {};
}

}  // namespace

Status absorb(format::Arena& arena, Items& items, Item generated) {
  model::ObjectId wanted = generated.id();
  auto named = [&](const model::ObjectId& id) {
    return id.kind == wanted.kind && id.name == wanted.name && (wanted.space.empty() || id.space == wanted.space);
  };
  auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) {
    return named(item.id()) || std::any_of(item.before.begin(), item.before.end(), named);
  });
  bool changes = generated.behavior == Behavior::kMerge || generated.behavior == Behavior::kReplace;
  if (!changes) {
    if (found != items.end() && found->id() == wanted)
      return Error(ErrorCode::kInvalid, wanted.str() + " is generated, and there already",
                   "say behavior: merge or replace");
    items.push_back(std::move(generated));
    return {};
  }
  if (found == items.end()) return Error(ErrorCode::kInvalid, wanted.str() + " is not there to be merged or replaced");
  Value fresh = generated.behavior == Behavior::kMerge ? found->object : generated.object;
  if (generated.behavior == Behavior::kMerge) {
    PAWL_TRY(merge_map(arena, fresh, generated.object, "data"));
    PAWL_TRY(merge_map(arena, fresh, generated.object, "binaryData"));
  } else {
    fresh.set(arena, "metadata", found->object.find("metadata")->clone(arena));
  }
  Value* metadata = fresh.find("metadata");
  PAWL_TRY(merge_map(arena, *metadata, *generated.object.find("metadata"), "labels"));
  PAWL_TRY(merge_map(arena, *metadata, *generated.object.find("metadata"), "annotations"));
  found->object = fresh;
  found->hashed = generated.hashed || found->hashed;
  return {};
}

}  // namespace pawl::render

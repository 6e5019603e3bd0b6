#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/render/kustomize.h"
#include "core/render/res_id.h"

namespace pawl::render {

// What a generator does when an object of that name is there.
enum class Behavior : std::uint8_t { kUnspecified, kCreate, kMerge, kReplace };

// A name that an object had before. Its group and version are always those it has now.
struct PreviousId {
  std::string_view name;
  std::string_view space;  // as ResId::effective_space() says it
  std::string_view kind;
};

// One object on its way through a build (a tree of text, see scalar.h): what it is, and every name it had, so that
// references to old names are found. kustomize keeps these in annotations of the object.
struct Item {
  format::Value object;
  std::string_view file = {};
  std::uint32_t place = 0;              // among the objects of a manifest file that is traced, from 1
  std::vector<PreviousId> before = {};  // the original first
  std::vector<std::string_view> prefixes = {};
  std::vector<std::string_view> suffixes = {};
  std::vector<std::string_view> variables = {};  // that read from it
  Behavior behavior = Behavior::kUnspecified;
  bool hashed = false;      // its name gets a content hash at the end
  bool may_rename = false;  // a patch that may change its target's name
  bool may_rekind = false;  // a patch that may change its target's kind
  bool touched = false;     // kustomize would have put an annotation of its own on it
  bool gone = false;        // deleted; its owner drops it

  ResId id(Schema& schema) const { return id_of(schema, object); }
  ResId previous(Schema& schema, const PreviousId& id) const;
  ResId original(Schema& schema) const;
  Gvk gvk() const;
  Gvk gvk_of(const PreviousId& id) const;
  Gvk original_gvk() const;
  // The present identity and every one before.
  std::vector<ResId> ids(Schema& schema) const;
  std::string_view kind() const;
  std::string_view name() const;
  std::string_view space() const;

  // Keeps the present identity before it is changed.
  void remember(Schema& schema);
};

// metadata.name and metadata.namespace, made where they are missing; "" takes the namespace away.
void set_name(format::Arena& arena, format::Value& object, std::string_view name);
void set_space(format::Arena& arena, format::Value& object, std::string_view space);
// The member `key` of a map, made as an empty map where it is missing or null.
format::Value& child_map(format::Arena& arena, format::Value& map, std::string_view key);
const format::Value* labels_of(const format::Value& object);
const format::Value* annotations_of(const format::Value& object);
void set_annotation(format::Arena& arena, format::Value& object, std::string_view key, std::string_view text);
// Makes text of every label or annotation: of null too, which becomes what it is written as.
void make_texts(format::Arena& arena, format::Value& object, std::string_view field);
// Takes an annotation away, and the map with the last one.
void erase_annotation(format::Value& object, std::string_view key);

// Whether it is for the build alone.
bool is_local(const Item& item);

// An error about `item`, that names it and its file.
Error about(const Item& item, std::string text);

}  // namespace pawl::render

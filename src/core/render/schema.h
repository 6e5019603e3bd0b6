#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "format/value.h"

namespace pawl::render {

// What is known of one place in an object: how a list there merges, and what is known of its fields or elements.
// A handle into a Schema.
struct SchemaNode {
  std::int32_t type = -1;  // of the place, or of a list's elements; -1 where nothing is known
  bool merges = false;     // a list here merges element by element: by `keys`, or as a set where there are none
  std::array<std::string_view, 2> keys = {};

  bool known() const { return type >= 0 || merges; }
  SchemaNode element() const { return {.type = type}; }
  std::vector<std::string_view> key_list() const;
};

// The parts of Kubernetes' OpenAPI schema that decide a build: merge keys of lists, and which kinds have no namespace.
// Holds the built-in kinds, as kustomize v5.8.2 carries them, until a kustomization brings its own. Not thread-safe.
class Schema {
 public:
  // Takes a kustomization's own schema (OpenAPI v2, read as data), which `openapi: {path}` names. It takes the place of
  // the built-in one, unless that was asked already: then it adds to it.
  Status add_custom(format::Arena& arena, const format::Value& swagger);

  SchemaNode of_kind(std::string_view api_version, std::string_view kind);
  SchemaNode field(SchemaNode node, std::string_view name) const;
  // Kinds that are not known have a namespace.
  bool is_cluster_scoped(std::string_view group, std::string_view version, std::string_view kind);

 private:
  struct Field {
    std::string_view name;  // "" for every other one (a map of values)
    SchemaNode node;
  };
  std::int32_t type_named(std::string_view name);
  // The type of a definition: the built-in one of that name, where both schemas are in use.
  std::int32_t type_of_definition(std::string_view name);
  bool is_builtin_definition(std::string_view name) const;
  void add_builtin();
  void add_definition(format::Arena& arena, std::string_view name, const format::Value& definition);
  SchemaNode property(format::Arena& arena, std::string_view owner, std::string_view name, const format::Value& schema);
  void add_fields(format::Arena& arena, std::int32_t type, std::string_view name, const format::Value& schema);
  void add_paths(const format::Value& paths);

  std::vector<std::vector<Field>> types_;
  std::unordered_map<std::string, std::int32_t> type_names_;
  std::unordered_map<std::string, std::int32_t> kinds_;   // "apps/v1 Deployment"
  std::unordered_map<std::string, bool> cluster_scoped_;  // by the same, for kinds of a custom schema
  bool builtin_ = false;
  bool asked_ = false;
  bool custom_ = false;
};

}  // namespace pawl::render

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/object.h"
#include "core/render/kustomize.h"

namespace pawl::render {

// What a generator does when an object of that name is there.
enum class Behavior : std::uint8_t { kUnspecified, kCreate, kMerge, kReplace };

// One object on its way through a build: what it is, and every name it had, so that references to old names are found.
struct Item {
  format::Value object;
  std::string file;
  std::vector<model::ObjectId> before;  // identities it had, the original first
  std::vector<std::string> prefixes;
  std::vector<std::string> suffixes;
  bool hashed = false;  // its name gets a content hash at the end
  Behavior behavior = Behavior::kUnspecified;

  model::ObjectId id() const { return model::object_id(object); }
  model::ObjectId original() const { return before.empty() ? id() : before.front(); }
  std::string_view kind() const { return object.string_at("kind"); }
  std::string_view name() const;
  std::string_view space() const;
  // Keeps the present identity before it is changed.
  void remember() { before.push_back(id()); }
  void set_name(format::Arena& arena, std::string_view name);
};
using Items = std::vector<Item>;

// "apps" of "apps/v1"; "" for the core group.
std::string_view group_of(std::string_view api_version);
std::string_view version_of(std::string_view api_version);
// Whether objects of this kind have no namespace. Kinds that are not known here have one.
bool is_cluster_scoped(std::string_view api_version, std::string_view kind);

}  // namespace pawl::render

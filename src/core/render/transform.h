#pragma once

#include <functional>
#include <span>

#include "core/render/field_config.h"
#include "core/render/res_map.h"
#include "core/render/world.h"

namespace pawl::render {

// What each builtin transformer does to the objects of a build. Errors: kInvalid, naming the object.

enum class Subjects : std::uint8_t { kNamedDefault, kServiceAccounts, kNone };
struct NamespaceChange {
  std::string_view space = {};
  FieldSpecs specs = {};
  bool unset_only = false;                      // leaves what has a namespace
  Subjects subjects = Subjects::kNamedDefault;  // of role bindings, which are given it too
};
Status set_namespace(World& world, ResMap& map, const NamespaceChange& change);
// One object's part of the above.
Status set_item_namespace(World& world, Item& item, const NamespaceChange& change);

// What is done to every object without a look at others. `world` and what is given as views must outlive it.
using ItemChange = std::function<Status(Item& item)>;
ItemChange add_prefix(World& world, std::string_view prefix, std::span<const FieldSpec> specs);
ItemChange add_suffix(World& world, std::string_view suffix, std::span<const FieldSpec> specs);
ItemChange add_labels(World& world, const Pairs& labels, std::span<const FieldSpec> specs);
ItemChange add_annotations(World& world, const Pairs& annotations, std::span<const FieldSpec> specs);
ItemChange set_images(World& world, std::span<const Image> images, std::span<const FieldSpec> specs);
// Makes all of the changes to one object before the next: it is in the processor's cache then.
Status change_all(ResMap& map, std::span<const ItemChange> changes);

Status set_replicas(World& world, ResMap& map, const Replica& replica, std::span<const FieldSpec> specs);

// Puts a value into a field, or into the path that the field holds.
struct ValueTarget {
  std::optional<Selector> selector = {};
  std::string_view path = {};
  std::int64_t position = 0;
};
template <class R>
void fields(R& r, ValueTarget& x) {
  r("selector", x.selector);
  r("fieldPath", x.path);
  r("filePathPosition", x.position);
}
Status add_value(World& world, ResMap& map, std::string_view value, const ValueTarget& target);

// Errors: kInvalid for an order that there is not.
Status sort_objects(World& world, std::vector<Item>& items, const SortOptions& options);

}  // namespace pawl::render

#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/render/resource.h"

namespace pawl::render {

// The objects of a build, in their order. No two have one identity while they are gathered. Looks objects up by name
// through an index that is made when it is first needed; call changed() after names, kinds or namespaces were changed
// from outside.
class ResMap {
 public:
  explicit ResMap(Schema& schema) : schema_(&schema) {}

  std::vector<Item>& items() { return items_; }
  const std::vector<Item>& items() const { return items_; }
  Schema& schema() const { return *schema_; }

  // Errors: kInvalid when an object of this identity is there.
  Status append(Item item);
  Status append_all(std::vector<Item> items);
  // As append_all, of what another build of the same schema has gathered.
  Status absorb_all(ResMap other);
  // Adds a generated object: created, merged into or replacing the one of that name, as its behaviour says.
  Status absorb(format::Arena& arena, Item item);

  // Indices of the objects that are, or ever were, called `name`.
  const std::vector<std::size_t>& named(std::string_view name);
  // Indices of the objects one of whose identities, present or past, is `id`.
  std::vector<std::size_t> with_any_id(const ResId& id);
  // The one object that is or was `id`. Errors: kInvalid when none is, or several are.
  Result<std::size_t> one_with_id(const ResId& id);

  void changed();
  // Takes out what is gone.
  void drop_gone();
  // Errors: kInvalid when two objects that are not gone have one identity.
  Status check_unique();

 private:
  struct Hash {
    std::size_t operator()(const ResId& id) const;
  };
  struct Same {
    bool operator()(const ResId& a, const ResId& b) const { return a.same(b); }
  };

  Status insert_current(const Item& item);
  void make_index();
  void add_names(std::size_t index);

  Schema* schema_;
  std::vector<Item> items_;
  std::unordered_set<ResId, Hash, Same> current_;
  bool current_valid_ = true;
  std::unordered_map<std::string_view, std::vector<std::size_t>> names_;
  bool names_valid_ = false;
};

}  // namespace pawl::render

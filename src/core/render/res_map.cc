#include "core/render/res_map.h"

#include <algorithm>

#include "base/text.h"
#include "core/render/generate.h"

namespace pawl::render {

std::size_t ResMap::Hash::operator()(const ResId& id) const {
  std::hash<std::string_view> hash;
  std::size_t out = hash(id.name);
  for (std::string_view part : {id.gvk.kind, id.gvk.group, id.gvk.version, id.effective_space()})
    out = out * 1099511628211u + hash(part);
  return out;
}

void ResMap::changed() {
  current_valid_ = false;
  names_valid_ = false;
}

Status ResMap::insert_current(const Item& item) {
  ResId id = item.id(*schema_);
  if (!current_.insert(id).second)
    return about(item, "another object with this kind, name and namespace is there already");
  return {};
}

Status ResMap::append(Item item) {
  if (!current_valid_) PAWL_TRY(check_unique());
  PAWL_TRY(insert_current(item));
  items_.push_back(std::move(item));
  if (names_valid_) add_names(items_.size() - 1);
  return {};
}

Status ResMap::append_all(std::vector<Item> items) {
  for (Item& item : items) PAWL_TRY(append(std::move(item)));
  return {};
}

Status ResMap::absorb_all(ResMap other) {
  if (!items_.empty()) return append_all(std::move(other.items_));
  *this = std::move(other);
  return current_valid_ ? Status() : check_unique();
}

Status ResMap::check_unique() {
  current_.clear();
  current_valid_ = true;
  for (const Item& item : items_) {
    if (!item.gone) PAWL_TRY(insert_current(item));
  }
  return {};
}

void ResMap::add_names(std::size_t i) {
  auto add = [&](std::string_view name) {
    std::vector<std::size_t>& list = names_[name];
    if (list.empty() || list.back() != i) list.push_back(i);
  };
  add(items_[i].name());
  for (const PreviousId& old : items_[i].before) add(old.name);
}

void ResMap::make_index() {
  names_.clear();
  for (std::size_t i = 0; i < items_.size(); ++i) add_names(i);
  names_valid_ = true;
}

const std::vector<std::size_t>& ResMap::named(std::string_view name) {
  static const std::vector<std::size_t> kNone;
  if (!names_valid_) make_index();
  auto found = names_.find(name);
  return found == names_.end() ? kNone : found->second;
}

std::vector<std::size_t> ResMap::with_any_id(const ResId& id) {
  std::vector<std::size_t> out;
  for (std::size_t i : named(id.name)) {
    const Item& item = items_[i];
    if (item.gone) continue;
    bool matches = item.id(*schema_).same(id) || std::any_of(item.before.begin(), item.before.end(), [&](auto& old) {
                     return old.name == id.name && item.previous(*schema_, old).same(id);
                   });
    if (matches) out.push_back(i);
  }
  return out;
}

Result<std::size_t> ResMap::one_with_id(const ResId& id) {
  std::vector<std::size_t> found = with_any_id(id);
  if (found.size() == 1) return found[0];
  std::string name = escape_terminal(id.str());
  if (found.empty()) return Error(ErrorCode::kInvalid, "no object is or was " + name);
  return Error(ErrorCode::kInvalid, std::to_string(found.size()) + " objects are or were " + name);
}

void ResMap::drop_gone() {
  if (std::erase_if(items_, [](const Item& item) { return item.gone; }) != 0) changed();
}

Status ResMap::absorb(format::Arena& arena, Item item) {
  std::vector<std::size_t> there = with_any_id(item.id(*schema_));
  bool changes = item.behavior == Behavior::kMerge || item.behavior == Behavior::kReplace;
  if (there.size() > 1) return about(item, "several objects could be merged with it or replaced");
  if (there.empty()) {
    if (changes) return about(item, "there is no such object to be merged or replaced");
    return append(std::move(item));
  }
  if (!changes) return about(item, "it is generated, and there already; say behavior: merge or replace");
  Item& old = items_[there[0]];
  PAWL_TRY(take_over(arena, item, old));
  // What it is called now must be the one that it takes the place of.
  if (!item.id(*schema_).same(old.id(*schema_))) return about(item, "it changes its kind by being merged");
  old = std::move(item);
  return {};
}

}  // namespace pawl::render

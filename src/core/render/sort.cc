#include <algorithm>
#include <unordered_map>

#include "core/model/kind_order.h"
#include "core/render/transform.h"

namespace pawl::render {

namespace {

struct SortKey {
  int rank;
  std::string kind;  // group, version and kind
  std::string name;  // namespace and name
  bool space;        // of kind Namespace, which is sorted the other way round where a group is ""
  bool core;

  bool operator<(const SortKey& other) const {
    if (rank != other.rank) return rank < other.rank;
    if (kind == other.kind) return name < other.name;
    bool reversed = space && other.space && (core || other.core);
    return reversed ? kind > other.kind : kind < other.kind;
  }
};

SortKey key_of(const ResId& id, const std::unordered_map<std::string_view, int>& ranks) {
  auto rank = ranks.find(id.gvk.kind);
  std::string name(id.space.empty() ? "~X" : id.space);
  name += '|';
  name += id.name.empty() ? "~N" : id.name;
  return {rank == ranks.end() ? 0 : rank->second, id.gvk.sort_text(), std::move(name), id.gvk.kind == "Namespace",
          id.gvk.group.empty()};
}

// A kind in both lists ranks last; one that a list has twice ranks where it stands last.
std::unordered_map<std::string_view, int> ranks_of(const LegacyOrder& order) {
  std::unordered_map<std::string_view, int> ranks;
  for (std::size_t i = 0; i < order.first.size(); ++i)
    ranks[order.first[i]] = static_cast<int>(i) - static_cast<int>(order.first.size());
  for (std::size_t i = 0; i < order.last.size(); ++i) ranks[order.last[i]] = 1 + static_cast<int>(i);
  return ranks;
}

}  // namespace

Status sort_objects(World& world, std::vector<Item>& items, const SortOptions& options) {
  bool legacy = options.order == "legacy";
  if (!legacy && options.order != "fifo") return Error(ErrorCode::kInvalid, "sortOptions.order must be legacy or fifo");
  if (!legacy && options.legacy)
    return Error(ErrorCode::kInvalid, "legacySortOptions go with order: legacy, not with fifo");
  if (!legacy) return {};
  std::span<const std::string_view> first = model::kinds_applied_first();
  std::span<const std::string_view> last = model::kinds_applied_last();
  LegacyOrder standard{{first.begin(), first.end()}, {last.begin(), last.end()}};
  std::unordered_map<std::string_view, int> ranks = ranks_of(options.legacy.value_or(std::move(standard)));
  std::vector<std::pair<SortKey, std::size_t>> keys;
  keys.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) keys.emplace_back(key_of(items[i].id(world.schema), ranks), i);
  std::stable_sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const auto& [key, i] : keys) sorted.push_back(std::move(items[i]));
  items = std::move(sorted);
  return {};
}

}  // namespace pawl::render

#include <algorithm>
#include <array>
#include <utility>

#include "core/bundle/build.h"
#include "core/model/kind_order.h"

namespace pawl::bundle {

namespace {

// Behind kustomize's own: what scales and shields workloads comes after them.
constexpr std::array<std::string_view, 2> kAfterThose = {"HorizontalPodAutoscaler", "NetworkPolicy"};

// Where `kind` stands in `kinds`, counted from 1; 0 where it does not.
int place_in(std::span<const std::string_view> kinds, std::string_view kind) {
  auto at = std::find(kinds.begin(), kinds.end(), kind);
  return at == kinds.end() ? 0 : 1 + static_cast<int>(at - kinds.begin());
}

int rank(std::string_view kind) {
  const int most = static_cast<int>(model::kinds_applied_first().size() + kAfterThose.size()) + 1;
  if (int place = place_in(model::kinds_applied_first(), kind); place > 0) return place - most;
  if (int place = place_in(kAfterThose, kind); place > 0)
    return place + static_cast<int>(model::kinds_applied_first().size()) - most;
  return place_in(model::kinds_applied_last(), kind);
}

}  // namespace

void put_in_apply_order(std::vector<LayerInput::Object>& objects) {
  std::vector<std::pair<std::pair<int, model::ObjectId>, std::size_t>> keys;
  keys.reserve(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    model::ObjectId id = model::object_id(objects[i].object);
    int of_kind = rank(id.kind);
    keys.push_back({{of_kind, std::move(id)}, i});
  }
  std::sort(keys.begin(), keys.end());
  std::vector<LayerInput::Object> sorted;
  sorted.reserve(objects.size());
  for (const auto& [key, i] : keys) sorted.push_back(std::move(objects[i]));
  objects = std::move(sorted);
}

}  // namespace pawl::bundle

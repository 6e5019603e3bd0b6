#include "core/plan/fold.h"

#include "core/plan/folding.h"

namespace pawl::plan {

Error conflict(std::string message) { return Error(ErrorCode::kConflict, std::move(message)); }

std::string numbered(std::uint64_t number) { return "promotion " + std::to_string(number); }

std::optional<Digest> head_of(const EnvironmentState& environment) {
  if (!environment.head) return std::nullopt;
  return environment.head->bundle;
}

Status expect(const PromotionState& promotion, Phase phase, std::uint64_t attempt) {
  if (promotion.phase != phase) {
    return conflict(numbered(promotion.opened.number) + " is " + std::string(name_of(promotion.phase)) + ", not " +
                    std::string(name_of(phase)));
  }
  if (promotion.attempt != attempt) return conflict("attempt " + std::to_string(attempt) + " is over");
  return {};
}

Status expect_epoch(const PromotionState& promotion, const EnvironmentState& environment, std::uint64_t epoch) {
  if (epoch == promotion.epoch && epoch == environment.epoch) return {};
  return conflict("epoch " + std::to_string(epoch) + " was passed on; " + promotion.opened.environment.str() +
                  " is driven under epoch " + std::to_string(environment.epoch));
}

Result<PromotionState> Folding::promotion(std::uint64_t number) const {
  PAWL_ASSIGN(std::optional<PromotionState> found, records.find<PromotionState>(key::promotion(project, number)));
  if (!found) return conflict(numbered(number) + " does not exist");
  return std::move(*found);
}

Result<EnvironmentState> Folding::environment(const model::EnvironmentName& name) const {
  return records.load<EnvironmentState>(key::environment(project, name));
}

Result<BundleState> Folding::bundle(const model::EnvironmentName& name, const Digest& digest) const {
  return records.load<BundleState>(key::bundle(project, name, digest));
}

void Folding::put(const PromotionState& state) { records.put(key::promotion(project, state.opened.number), state); }

void Folding::put(const model::EnvironmentName& name, const EnvironmentState& state) {
  records.put(key::environment(project, name), state);
}

void Folding::put(const model::EnvironmentName& name, const Digest& digest, const BundleState& state) {
  records.put(key::bundle(project, name, digest), state);
}

Status fold(Records& records, const Entry& entry) {
  PAWL_ASSIGN(StoreState store, records.load<StoreState>(key::store()));
  if (entry.time < store.last_time) {
    return conflict("time runs backwards: " + render_time(entry.time) + " after " + render_time(store.last_time));
  }
  // Put onto a layer of its own first, so that a refused entry leaves nothing behind.
  Records layer([&](std::string_view key) { return records.get(std::string(key)); });
  Folding folding{layer, entry.project, entry.actor, entry.time};
  PAWL_TRY(std::visit([&](const auto& event) { return apply(folding, event); }, entry.event));
  store.last_time = entry.time;
  store.entries += 1;
  layer.put(key::store(), store);
  for (const auto& [key, text] : layer.written()) records.put_text(key, text);
  return {};
}

}  // namespace pawl::plan

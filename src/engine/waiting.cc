#include "engine/waiting.h"

#include "engine/facts.h"
#include "engine/number.h"

namespace pawl::engine {

namespace {

Status add_waiting(const plan::Records& records, const model::ProjectName& project,
                   const model::EnvironmentName& environment, std::vector<plan::PromotionState>& out) {
  PAWL_ASSIGN(plan::EnvironmentState state,
              records.load<plan::EnvironmentState>(plan::key::environment(project, environment)));
  for (std::uint64_t number : state.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (open && open->phase == plan::Phase::kWaiting) out.push_back(std::move(*open));
  }
  return {};
}

}  // namespace

Result<plan::PromotionState> find_named(const plan::Records& records, const model::Configuration& configuration,
                                        const std::string& name) {
  if (std::optional<std::uint64_t> number = whole_number(name); number && *number > 0) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> found,
                records.find<plan::PromotionState>(plan::key::promotion(configuration.project, *number)));
    if (found) return std::move(*found);
    return Error(ErrorCode::kNotFound, "there is no promotion " + name, "pawl approvals");
  }
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, name));
  std::vector<plan::PromotionState> waiting;
  PAWL_TRY(add_waiting(records, configuration.project, environment->name, waiting));
  if (waiting.size() == 1) return std::move(waiting[0]);
  if (waiting.empty()) return Error(ErrorCode::kNotFound, "no promotion waits in " + name, "pawl approvals");
  std::string numbers;
  for (const plan::PromotionState& one : waiting)
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(one.opened.number);
  return Error(ErrorCode::kUsage, "several promotions wait in " + name + ": " + numbers, "say which by its number");
}

Result<plan::PromotionOpened> as_it_waits(const plan::Records& records, const model::ProjectName& project,
                                          const plan::PromotionOpened& fresh) {
  std::vector<plan::PromotionState> waiting;
  PAWL_TRY(add_waiting(records, project, fresh.environment, waiting));
  for (plan::PromotionState& one : waiting) {
    const plan::PromotionOpened& opened = one.opened;
    bool same = opened.kind == fresh.kind && opened.bundle == fresh.bundle && opened.release == fresh.release &&
                opened.layers == fresh.layers;
    if (same) return std::move(one.opened);
  }
  return fresh;
}

Result<std::vector<plan::PromotionState>> find_waiting(const plan::Records& records,
                                                       const model::Configuration& configuration) {
  std::vector<plan::PromotionState> out;
  for (const model::Environment* environment : configuration.in_pipeline_order())
    PAWL_TRY(add_waiting(records, configuration.project, environment->name, out));
  return out;
}

}  // namespace pawl::engine

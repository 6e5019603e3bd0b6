#pragma once

#include <vector>

#include "api/types.h"
#include "core/drift/difference.h"
#include "core/model/configuration.h"
#include "core/plan/records.h"

namespace pawl::engine {

// State as responses show it.

// The newest label of a release; "" where there is none (a bundle of layers of several).
Result<std::string> label_of(const plan::Records& records, const model::ProjectName& project, std::uint64_t serial);
api::ReleaseView view(const plan::ReleaseState& release);
api::GateView view(const plan::GateAnswer& answer);
api::ChangesView view(const std::vector<drift::ObjectChange>& changes);
Result<api::PromotionView> view(const plan::Records& records, const model::ProjectName& project,
                                const plan::PromotionState& promotion);
Result<api::HeadView> view(const plan::Records& records, const model::ProjectName& project,
                           const model::Environment& environment, const plan::Head& head, Time now);
std::vector<api::GateView> views(const std::vector<plan::GateAnswer>& answers);

}  // namespace pawl::engine

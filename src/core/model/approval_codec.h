#pragma once

#include <array>

#include "core/model/approval.h"
#include "format/codec.h"

// For those who write approvals down: core/model and core/plan.

namespace pawl::format {

template <>
struct EnumValues<model::ApprovalVerdict> {
  static constexpr std::array kAll = {model::ApprovalVerdict::kApproved, model::ApprovalVerdict::kRejected};
};

}  // namespace pawl::format

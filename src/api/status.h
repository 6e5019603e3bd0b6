#pragma once

#include "api/audit.h"
#include "api/content.h"
#include "api/promotion.h"
#include "api/serve.h"
#include "api/view.h"

namespace pawl::api {

// The exit status that a response stands for (DESIGN "Exit codes"): 0 yes or done, 1 the answer is no, 6 pending, 9
// could not tell. Responses without an overload are plain yes.
template <class R>
int exit_of(const R&) {
  return 0;
}
int exit_of(const LockResponse& response);
int exit_of(const ReproduceResponse& response);
int exit_of(const DiffResponse& response);
int exit_of(const PromoteResponse& response);
int exit_of(const ServeResponse& response);
int exit_of(const DriftResponse& response);
int exit_of(const WhyResponse& response);
int exit_of(const DoctorResponse& response);

}  // namespace pawl::api

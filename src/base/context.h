#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace pawl {

// What a blocking call must obey: when to give up, whether to stop, and the trace it belongs to (W3C traceparent).
// Copy it and narrow the deadline for a part of the work.
struct Context {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::stop_token stop;
  std::string trace;

  // Errors: kInterrupted once a stop was asked for, kTimeout past the deadline.
  Status proceed() const {
    if (stop.stop_requested()) return Error(ErrorCode::kInterrupted, "stopped on request");
    if (std::chrono::steady_clock::now() > deadline) return Error(ErrorCode::kTimeout, "the time allowed is over");
    return {};
  }
  Context within(std::chrono::milliseconds timeout) const {
    Context narrowed = *this;
    auto limit = std::chrono::steady_clock::now() + timeout;
    if (limit < deadline) narrowed.deadline = limit;
    return narrowed;
  }
};

}  // namespace pawl

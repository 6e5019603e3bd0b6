#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/memory/fault.h"
#include "ports/checks.h"

namespace pawl::memory {

// Checks whose answers are set beforehand, by the check's name; one that was not set passes. Thread-safe.
class Checks : public ports::Checks {
 public:
  explicit Checks(Fault fault = {}) : fault_(std::move(fault)) {}

  void answer(const std::string& name, ports::CheckResult result);
  std::vector<ports::CheckRequest> requests() const;  // everything that was run, in order

  Result<ports::CheckResult> run(const Context& context, const ports::CheckRequest& request) override;

 private:
  Fault fault_;
  mutable std::mutex mutex_;
  std::map<std::string, ports::CheckResult> answers_;
  std::vector<ports::CheckRequest> requests_;
};

}  // namespace pawl::memory

#include "adapters/memory/checks.h"

namespace pawl::memory {

void Checks::answer(const std::string& name, ports::CheckResult result) {
  std::lock_guard lock(mutex_);
  answers_.insert_or_assign(name, std::move(result));
}

std::vector<ports::CheckRequest> Checks::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

Result<ports::CheckResult> Checks::run(const Context& context, const ports::CheckRequest& request) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "checks.run"));
  std::lock_guard lock(mutex_);
  requests_.push_back(request);
  auto answer = answers_.find(request.name);
  if (answer != answers_.end()) return answer->second;
  return ports::CheckResult{.passed = true};
}

}  // namespace pawl::memory

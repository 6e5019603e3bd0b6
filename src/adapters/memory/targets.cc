#include "adapters/memory/targets.h"

namespace pawl::memory {

std::shared_ptr<Target> Targets::at(const std::string& identity) {
  std::lock_guard lock(mutex_);
  std::shared_ptr<Target>& target = targets_[identity];
  if (!target) target = std::make_shared<Target>(fault_, sync_);
  return target;
}

std::vector<std::string> Targets::identities() {
  std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [identity, target] : targets_) out.push_back(identity);
  return out;
}

void Targets::crash() {
  std::lock_guard lock(mutex_);
  for (auto& [identity, target] : targets_) target->crash();
}

Result<std::shared_ptr<ports::Target>> Targets::open(const Context& context, const model::Target& target) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "targets.open"));
  return std::shared_ptr<ports::Target>(at(model::identity(target)));
}

}  // namespace pawl::memory

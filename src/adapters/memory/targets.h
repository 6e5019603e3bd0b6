#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/memory/target.h"

namespace pawl::memory {

// Opens a memory target for every identity that a configuration names; the same one for the same identity. Thread-safe.
class Targets : public ports::Targets {
 public:
  explicit Targets(Fault fault = {}) : fault_(std::move(fault)) {}

  // The target behind model::identity(), made when it is first named.
  std::shared_ptr<Target> at(const std::string& identity);
  // Target::crash() on every one.
  void crash();

  Result<std::shared_ptr<ports::Target>> open(const Context& context, const model::Target& target) override;

 private:
  Fault fault_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Target>> targets_;
};

}  // namespace pawl::memory

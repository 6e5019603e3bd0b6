#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/memory/target.h"

namespace pawl::memory {

// Opens a memory target for every identity that a configuration names; the same one for the same identity. Thread-safe.
class Targets : public ports::Targets {
 public:
  explicit Targets(Fault fault = {}, Sync sync = {}) : fault_(std::move(fault)), sync_(std::move(sync)) {}

  // The target behind model::identity(), made when it is first named.
  std::shared_ptr<Target> at(const std::string& identity);
  // Of every target there is, in order.
  std::vector<std::string> identities();
  // Target::crash() on every one.
  void crash();

  Result<std::shared_ptr<ports::Target>> open(const Context& context, const model::Target& target) override;

 private:
  Fault fault_;
  Sync sync_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Target>> targets_;
};

}  // namespace pawl::memory

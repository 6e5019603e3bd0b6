#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ports/target.h"

namespace pawl::contract {

// One place as a target. Each open() is what another process would get of it.
class TargetFactory {
 public:
  virtual ~TargetFactory() = default;
  virtual std::shared_ptr<ports::Target> open() = 0;
  // What somebody does behind the port's back. `path` is below the target: "web/service.shop.yaml"; nullopt removes.
  virtual void edit(const std::string& path, const std::optional<std::string>& bytes) = 0;
  // Whether the target keeps files, so that paths and hand edits can be told one by one.
  virtual bool has_files() const { return true; }
};

std::unique_ptr<TargetFactory> make_target_factory(const std::string& adapter);  // "memory", "directory", "git"

}  // namespace pawl::contract

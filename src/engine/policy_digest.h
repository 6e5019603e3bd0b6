#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "core/model/configuration.h"
#include "engine/world.h"

namespace pawl::engine {

// What the policies of environments were found to be, so that one process reads their files once. Thread-safe.
class PolicyDigests {
 public:
  std::optional<crypto::Digest> recall(const crypto::Digest& of) const;
  void keep(const crypto::Digest& of, const crypto::Digest& found);

 private:
  mutable std::mutex mutex_;
  std::map<crypto::Digest, crypto::Digest> known_;
};

// Digest of what the policy sources hold for this environment: the bindings that select it, the policies that these or
// the configuration's bind, and every object that is neither, since any rule may read it. Policies that hold elsewhere
// alone are not in it, nor are comments and the names of files. Of sources that cannot be read or understood it is a
// digest of all they are. Errors: those of the port, where it is a fault of this moment.
Result<crypto::Digest> digest_of_policies_in_force(World& world, const Context& context,
                                                   const model::Configuration& configuration,
                                                   const model::Environment& environment);

}  // namespace pawl::engine

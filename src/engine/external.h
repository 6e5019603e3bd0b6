#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/plan/event.h"
#include "engine/gates.h"
#include "engine/ledger.h"

namespace pawl::engine {

// What systems outside said a moment ago, so that one verb asks each of them once, however often it looks at the gates.
// Thread-safe.
class OutsideMemory {
 public:
  struct Said {
    plan::ExternalFact fact;
    std::string record;  // the bytes that fact.record is the digest of; "" without an answer
  };
  std::optional<Said> recall(const std::string& question, Time now);
  void keep(const std::string& question, const Said& said, Time now);

 private:
  struct Kept {
    Said said;
    Time at;
  };
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

// What the external ones of `gates` say to the promotion; all at once, so that one that is slow lets no other's answer
// grow old. An answer that does not come is a fact, too. Errors: kInterrupted, and those of keeping evidence.
Result<std::vector<plan::ExternalFact>> ask_outside(World& world, const Context& context, const Moment& moment,
                                                    const model::Configuration& configuration,
                                                    const model::Environment& environment,
                                                    const plan::PromotionOpened& opened,
                                                    std::span<const model::Gate> gates, Outside outside);

// Whether an external gate among `answers` had nobody's word: they were left alone.
bool any_left_alone(std::span<const plan::GateAnswer> answers);

}  // namespace pawl::engine

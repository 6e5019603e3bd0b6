#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/plan/fold.h"
#include "engine/world.h"

namespace pawl::engine {

// Who acts, and when.
struct Act {
  model::Actor actor;
  Time now;
};

// The actor of this process: its personal key where there is one, else the unauthenticated local user.
Result<model::Actor> current_actor(World& world);

// The time facts are taken at: max(clock, last entry). Errors: kUnknown when the clock is more than five minutes behind
// the ledger, naming both.
Result<Time> time_of(World& world, const plan::StoreState& store);

// A read moment: the records, and now.
struct Moment {
  plan::Records records;
  Time now;
};
// Runs `body` on one consistent moment of the store.
Status look(World& world, const Context& context, const std::function<Status(Moment&)>& body);

// The moment's time alone.
Result<Time> present(World& world, const Context& context);

// One writing transaction: events are folded into the records and appended in the same transaction.
class Writing {
 public:
  Writing(World& world, ports::Transaction& transaction, model::ProjectName project, Act act);
  plan::Records& records() { return records_; }
  Time now() const { return act_.now; }
  const model::Actor& actor() const { return act_.actor; }
  // Folds and appends. Errors: kConflict when the state does not allow it; the transaction is then given up.
  Status append(plan::Event event);
  std::uint64_t last_index() const { return last_index_; }

 private:
  World& world_;
  ports::Transaction& transaction_;
  model::ProjectName project_;
  Act act_;
  plan::Records records_;
  std::uint64_t last_index_ = 0;
  friend Status write(World&, const Context&, const model::ProjectName&, const std::function<Status(Writing&)>&);
  Status flush();
};

// Runs `body` in one transaction: what it appended is durable, with the state it folds to, or nothing is.
Status write(World& world, const Context& context, const model::ProjectName& project,
             const std::function<Status(Writing&)>& body);

}  // namespace pawl::engine

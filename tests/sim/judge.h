#pragma once

#include <string>

#include "core/plan/records.h"
#include "tests/sim/coverage.h"
#include "tests/sim/invariants.h"
#include "tests/sim/world.h"

namespace pawl::sim {

// Snapshot -> release over all days of a run: what invariant 2 compares.
using Rendered = std::map<Digest, Digest>;

// Looks at a world after each step: takes in what the ledger has more, and asks the ten invariants.
class Judge {
 public:
  Judge(World& world, Coverage& coverage, Rendered& rendered);

  // "" when all hold; else the name of each that does not and how it is broken, one a line.
  std::string look();
  const Book& book() const { return book_; }

 private:
  Status gather(ports::Reader& reader, std::vector<std::string>& fresh);
  Status compare_records(ports::Reader& reader);
  void look_at_targets();
  void collect_written(const std::vector<std::string>& fresh);
  std::string take(const std::string& bytes);
  std::string ask(const plan::Entry* entry);

  World& world_;
  Coverage& coverage_;
  Rendered& rendered_;
  Outside outside_;
  Book book_;
  plan::Records folded_;
  std::vector<std::string> taken_;  // every entry seen
  std::size_t blobs_seen_ = 0;
};

}  // namespace pawl::sim

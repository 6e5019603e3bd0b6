#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/plan/evidence.h"
#include "engine/key_ring.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Signed statements about digests, read live: records, signatures and keys are looked at whenever somebody asks.

// A signed record by somebody who is known.
struct ReadStatement {
  model::Statement statement;
  std::vector<plan::EvidenceSigner> signers;  // one a key
};
// Errors: kInvalid for what is no signed statement, kIntegrity where it verifies under no key of the ring.
Result<ReadStatement> read_statement(const KeyRing& ring, std::string record);

// Every statement that the ledger knows about one of `subjects`, in the ledger's order for each; also those that count
// for nobody, each with its flaw.
Result<std::vector<plan::EvidenceFact>> evidence_facts(World& world, const Context& context, const Moment& moment,
                                                       const model::Configuration& configuration,
                                                       std::span<const crypto::Digest> subjects);

// A statement whose signature verifies now under a key of somebody who is known.
struct EvidenceFound {
  std::string predicate_type;
  crypto::Digest subject;
  std::vector<std::string> signers;                   // persons; for other keys their trust roles. Sorted
  Time time;                                          // when the ledger recorded it
  crypto::Digest record;                              // of the signed record's manifest
  std::shared_ptr<const model::Statement> statement;  // its predicate is a map
};
// What is known about `subjects`, in the ledger's order for each.
Result<std::vector<EvidenceFound>> evidence_about(World& world, const Context& context, const Moment& moment,
                                                  const model::Configuration& configuration,
                                                  std::span<const crypto::Digest> subjects);

// The persons and trust roles that signed, sorted: what the ledger keeps of whose keys they were.
std::vector<std::string> names_of(std::span<const plan::EvidenceSigner> signers);

}  // namespace pawl::engine

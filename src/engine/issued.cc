#include "engine/issued.h"

#include "engine/evidence.h"
#include "engine/facts.h"

namespace pawl::engine {

namespace {

// Checks may have names of any length.
std::string as_label(const std::string& of) {
  return of.size() <= plan::kLongestIssued ? of : crypto::sha256(of).str();
}

}  // namespace

Status record_issued(World& world, const Context& context, const model::ProjectName& project, Writing& writing,
                     const Issued& issued) {
  PAWL_ASSIGN(std::optional<crypto::PublicKey> own, world.signer->public_key(ports::KeyRole::kRelease));
  PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
  PAWL_ASSIGN(KeyRing ring, KeyRing::of(world, configuration));
  std::vector<plan::EvidenceSigner> signers;
  if (own) signers.push_back(ring.owner_of(*own));
  return writing.append(plan::EvidenceRecorded{issued.subject, issued.predicate_type, issued.record, names_of(signers),
                                               as_label(issued.of)});
}

}  // namespace pawl::engine

#include "engine/evidence.h"

#include <set>

#include "engine/intact.h"
#include "engine/records.h"

namespace pawl::engine {

Result<ReadStatement> read_statement(const KeyRing& ring, std::string record) {
  PAWL_ASSIGN(model::VerifiedStatement verified, model::verify_statement(std::move(record), ring.keys()));
  ReadStatement out{std::move(verified.statement), {}};
  for (const crypto::PublicKey& key : verified.keys) out.signers.push_back(ring.owner_of(key));
  return out;
}

std::vector<std::string> names_of(std::span<const plan::EvidenceSigner> signers) {
  std::set<std::string> names;
  for (const plan::EvidenceSigner& signer : signers) {
    if (signer.person) names.insert(signer.person->str());
    names.insert(signer.roles.begin(), signer.roles.end());
  }
  return {names.begin(), names.end()};
}

namespace {

// Judges what was read against what the ledger says of it.
std::optional<plan::EvidenceFlaw> flaw_in(const model::Statement& statement, const plan::EvidenceFact& said) {
  if (!is_about(statement, said.subject)) return plan::EvidenceFlaw::kOtherSubject;
  if (statement.predicate_type != said.predicate_type) return plan::EvidenceFlaw::kOtherType;
  return std::nullopt;
}

// What the record of one note is worth now.
Status read_into(plan::EvidenceFact& fact, World& world, const Context& context, const KeyRing& ring,
                 const crypto::Digest& manifest) {
  Result<std::string> record = read_record(world, context, manifest);
  if (!record && !says_broken(record.error())) return std::move(record).error();
  if (!record) {
    fact.flaw = plan::EvidenceFlaw::kNoRecord;
    return {};
  }
  Result<ReadStatement> read = read_statement(ring, std::move(*record));
  fact.flaw = read ? flaw_in(read->statement, fact) : std::optional(plan::EvidenceFlaw::kUnknownKey);
  if (fact.flaw) return {};
  fact.signers = std::move(read->signers);
  fact.statement = std::make_shared<const model::Statement>(std::move(read->statement));
  return {};
}

std::vector<std::string> shown_signers(const plan::EvidenceFact& fact) {
  std::set<std::string> names;
  for (const plan::EvidenceSigner& signer : fact.signers) {
    if (signer.person)
      names.insert(signer.person->str());
    else
      names.insert(signer.roles.begin(), signer.roles.end());
  }
  return {names.begin(), names.end()};
}

}  // namespace

Result<std::vector<plan::EvidenceFact>> evidence_facts(World& world, const Context& context, const Moment& moment,
                                                       const model::Configuration& configuration,
                                                       std::span<const crypto::Digest> subjects) {
  PAWL_ASSIGN(KeyRing ring, KeyRing::of(world, configuration));
  std::vector<plan::EvidenceFact> out;
  for (const crypto::Digest& subject : subjects) {
    PAWL_ASSIGN(plan::EvidenceState state,
                moment.records.load<plan::EvidenceState>(plan::key::evidence(configuration.project, subject)));
    for (plan::EvidenceNote& note : state.notes) {
      plan::EvidenceFact fact{std::move(note.predicate_type),
                              subject,
                              note.record.str(),
                              note.recorded,
                              std::move(note.signed_by),
                              {},
                              {},
                              {},
                              note.issued.value_or("")};
      PAWL_TRY(read_into(fact, world, context, ring, note.record));
      out.push_back(std::move(fact));
    }
  }
  return out;
}

Result<std::vector<EvidenceFound>> evidence_about(World& world, const Context& context, const Moment& moment,
                                                  const model::Configuration& configuration,
                                                  std::span<const crypto::Digest> subjects) {
  PAWL_ASSIGN(std::vector<plan::EvidenceFact> facts, evidence_facts(world, context, moment, configuration, subjects));
  std::vector<EvidenceFound> out;
  for (const plan::EvidenceFact& fact : facts) {
    if (fact.flaw) continue;
    PAWL_ASSIGN(crypto::Digest record, crypto::Digest::parse(fact.record));
    out.push_back({fact.predicate_type, fact.subject, shown_signers(fact), fact.recorded, record, fact.statement});
  }
  return out;
}

}  // namespace pawl::engine

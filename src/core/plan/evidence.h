#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/model/configuration.h"
#include "core/model/statement.h"
#include "crypto/digest.h"

namespace pawl::plan {

// Signed statements about digests, as they are found at one moment.

// Why a statement counts for nobody. Each has a reason of its own, so that nobody is left to guess.
enum class EvidenceFlaw : std::uint8_t {
  kNoRecord,      // the signed record is gone or cannot be read
  kUnknownKey,    // it verifies under no key of a person or a trust role that is known now
  kOtherSubject,  // it is about another digest than the ledger says
  kOtherType,     // it is of another type than the ledger says
};
std::string_view name_of(EvidenceFlaw flaw);  // "unknownKey"
std::string words_for(EvidenceFlaw flaw);     // "its key is nobody's any more, or a stranger's"

// Whose key it is now that verifies a statement.
struct EvidenceSigner {
  std::optional<model::PersonName> person;
  std::set<std::string> roles;  // of `trust:`
  std::string name() const;     // the person, else a role
};

// One statement about one digest.
struct EvidenceFact {
  std::string predicate_type;
  crypto::Digest subject;
  std::string record;                    // digest of the signed record's manifest
  Time recorded;                         // by the ledger
  std::vector<std::string> recorded_by;  // persons and trust roles whose key it was then
  std::optional<EvidenceFlaw> flaw;
  std::vector<EvidenceSigner> signers;                // one a key; empty where it has a flaw
  std::shared_ptr<const model::Statement> statement;  // null where it has a flaw
  std::string issued;                                 // what of, where Pawl issued it: "check smoke"
};

// What is to enter, as evidence can be about it.
struct EvidenceAbout {
  model::EvidenceSubject kind = model::EvidenceSubject::kBundle;
  crypto::Digest digest;
  std::string name;  // an image's reference
};

// All that evidence gates look at.
struct EvidenceFacts {
  std::string project;
  std::string release;                        // its version; "" where it is of no one release
  std::map<std::string, std::string> labels;  // of the environment
  std::vector<EvidenceAbout> subjects;
  std::vector<EvidenceFact> said;  // in the ledger's order for each subject
};

}  // namespace pawl::plan

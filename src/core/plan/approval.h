#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/approval.h"
#include "core/model/configuration.h"

namespace pawl::plan {

// Whether what somebody said to a promotion counts, judged at one moment.

// Why it does not. Each has a reason of its own, so that nobody is left to guess.
enum class ApprovalFlaw : std::uint8_t {
  kNoRecord,          // the signed record is gone or cannot be read
  kUnknownKey,        // it verifies under no key of a person that is known now: revoked, or a stranger's
  kOtherPerson,       // the key is another person's now than when it was recorded
  kOtherLedger,       // of another store
  kOtherProject,      //
  kOtherEnvironment,  //
  kOtherPromotion,    //
  kOtherBundle,       //
  kOtherPlan,         // the plan is another one now: configuration, policies or the head changed
  kOtherVerdict,      // the record does not say what the ledger says that it does
  kOwnRequest,        // whoever asked for the promotion never counts
  kNotAsked,          // not among those whom the gate asks, or not any more
  kExpired,           //
};
std::string_view name_of(ApprovalFlaw flaw);  // "otherPlan"
std::string words_for(ApprovalFlaw flaw);     // "it is about another plan: ..."

// What is wrong with `signed_one` as an answer to `asked`; nullopt where they agree. The first difference counts, the
// coarsest first.
std::optional<ApprovalFlaw> flaw_of_subject(const model::ApprovalSubject& signed_one,
                                            const model::ApprovalSubject& asked);

// What one person said, as found now.
struct ApprovalFact {
  model::PersonName person;  // as recorded
  model::ApprovalVerdict verdict = model::ApprovalVerdict::kRejected;
  std::string comment;
  Time given;                        // the earlier of what was signed and what was recorded
  std::optional<Time> expires;       // as whoever gave it limited it
  std::optional<ApprovalFlaw> flaw;  // of the record itself; who is asked, and for how long, is the gate's to say
  std::string record;                // digest of the signed record's manifest
  bool operator==(const ApprovalFact&) const = default;
};

// Who asked for the promotion, and what was said to it.
struct ApprovalFacts {
  std::uint64_t promotion = 0;         // 0: nobody asked yet
  std::string requester;               // in words
  bool requester_known = false;        // a person that the configuration knows now
  std::set<model::PersonName> own;     // whoever asked, by name and by the key that they asked with
  std::vector<ApprovalFact> said;      // one a person
  std::set<model::PersonName> people;  // everybody there is
  std::map<model::GroupName, std::vector<model::PersonName>> groups;
};

// The people that names of groups and persons stand for; names of nobody stand for nobody.
std::set<model::PersonName> people_of(std::span<const std::string> names, const std::set<model::PersonName>& people,
                                      const std::map<model::GroupName, std::vector<model::PersonName>>& groups);
std::set<model::PersonName> people_of(const model::Configuration& configuration, std::span<const std::string> names);

// Why what this person said does not count for `gate`; nullopt where it does.
std::optional<ApprovalFlaw> flaw_for(const ApprovalFact& fact, const model::ApprovalGate& gate,
                                     const ApprovalFacts& facts, Time now);

}  // namespace pawl::plan

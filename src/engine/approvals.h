#pragma once

#include <string>

#include "core/plan/approval.h"
#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// What was said to promotions, read live: signatures, keys and groups are asked whenever a gate is.

// What an approval of this promotion must be about now.
model::ApprovalSubject approval_subject(const World& world, const model::Configuration& configuration,
                                        const model::Environment& environment, const plan::PromotionOpened& opened);

// A signed record whose signature was verified, and the person whose key it is.
struct PersonsStatement {
  model::PersonName person;
  model::Statement statement;
};
// Errors: kInvalid for what is no such record, kIntegrity where it verifies under no key of a person that is known now.
Result<PersonsStatement> read_persons_statement(const model::Configuration& configuration, std::string record);

struct ReadApproval {
  model::PersonName person;
  model::Approval approval;
};
// Errors: as above; kInvalid for what is no approval.
Result<ReadApproval> read_approval(const model::Configuration& configuration, std::string record);

// What the gates look at, for what is to be promoted: nothing was said to what has no number yet.
Result<plan::ApprovalFacts> approval_facts(World& world, const Context& context, const Moment& moment,
                                           const model::Configuration& configuration,
                                           const model::Environment& environment, const plan::PromotionOpened& opened);

}  // namespace pawl::engine

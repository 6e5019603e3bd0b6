#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/plan/approval.h"
#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// What was said to promotions, read live: signatures, keys and groups are asked whenever a gate is.

// What an approval of this promotion must be about now.
Result<model::ApprovalSubject> approval_subject(World& world, const Context& context,
                                                const model::Configuration& configuration,
                                                const model::Environment& environment,
                                                const plan::PromotionOpened& opened);

// A signed record whose signature was verified, and the person whose key it is.
struct PersonsStatement {
  model::PersonName person;
  model::Statement statement;
};
// Errors: kInvalid for what is no such record, kIntegrity where it verifies under no key of a person that is known now.
Result<PersonsStatement> read_persons_statement(const model::Configuration& configuration, std::string record);

// Whoever asked for something: by the name that they had, and by whoever has the key now that they asked with, so that
// a key that moves makes nobody new.
std::set<model::PersonName> whoever_asked(const model::Configuration& configuration, const std::string& requester,
                                          const std::string& subject);

// The person that this process signs for. Errors: kDenied for anybody else, who may not `do_it`.
Result<model::PersonName> known_person(World& world, const model::Configuration& configuration, std::string_view do_it);

// What the gates look at, for what is to be promoted: nothing was said to what has no number yet.
Result<plan::ApprovalFacts> approval_facts(World& world, const Context& context, const Moment& moment,
                                           const model::Configuration& configuration,
                                           const model::Environment& environment, const plan::PromotionOpened& opened);

}  // namespace pawl::engine

#pragma once

#include <vector>

#include "core/plan/exception.h"
#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Departures from policies and gates, read live: signatures, keys and groups are asked whenever one says no.

// At most so many are looked at, the newest ones.
inline constexpr std::uint64_t kMostExceptions = 500;

// Who may agree to exceptions now.
plan::ExceptionJudges exception_judges(const model::Configuration& configuration);

Result<plan::ExceptionFact> exception_fact(World& world, const Context& context,
                                           const model::Configuration& configuration,
                                           const plan::ExceptionState& state);
// Errors: kNotFound.
Result<plan::ExceptionState> find_exception(const plan::Records& records, const model::ProjectName& project,
                                            std::uint64_t number);
// That it is not over: nobody's word is waited for then. Errors: kConflict.
Status check_open(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now);
// Those of exception_states(), judged.
Result<std::vector<plan::ExceptionFact>> exception_facts(World& world, const Context& context,
                                                         const plan::Records& records,
                                                         const model::Configuration& configuration);
// The newest kMostExceptions of the project, by number.
Result<std::vector<plan::ExceptionState>> exception_states(const plan::Records& records,
                                                           const model::ProjectName& project);

}  // namespace pawl::engine

#pragma once

#include "api/exception.h"
#include "engine/exceptions.h"

namespace pawl::engine {

// Exceptions as responses show them.

// What was asked for, and nothing that only a store knows.
api::ExceptionView view_of(const model::PolicyException& exception);
api::ExceptionView view_of(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now);

// Who may still agree, in words; "" where nobody is needed.
std::string who_is_left(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now);

// How it stands now.
Result<api::ExceptionResponse> respond(World& world, const Context& context, const model::ProjectName& project,
                                       std::uint64_t number, bool dry_run);

}  // namespace pawl::engine

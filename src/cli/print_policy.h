#pragma once

#include <string>

#include "api/policy.h"
#include "cli/terminal.h"

namespace pawl::cli {

// What the verbs on policies print for people.
std::string print(const api::PolicyTestResponse& r, const Terminal& t);
std::string print(const api::PolicyCheckResponse& r, const Terminal& t);
// A line each, or all about one.
std::string print_list(const api::PolicyExplainResponse& r);
std::string print_one(const api::PolicyView& r, const Terminal& t);

}  // namespace pawl::cli

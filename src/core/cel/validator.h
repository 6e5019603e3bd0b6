#pragma once

#include <vector>

#include "core/cel/checker.h"

namespace pawl::cel {

// What an apiserver refuses beyond types: literals that are no duration, timestamp or regular expression, lists and
// maps whose entries are of several types, format strings that their arguments do not fit. Faults are in cel-go's
// words.
void validate_literals(const Ast& ast, const Checked& checked, std::vector<Fault>& faults);

}  // namespace pawl::cel

#pragma once

#include <vector>

#include "core/cel/checker.h"

namespace pawl::cel {

// Where `call` is a literal's format() with a literal list: reports a clause that its argument's type does not fit, in
// the words of cel-go's strings library.
void check_format(const Expr& call, const Checked& checked, std::vector<Fault>& faults);

}  // namespace pawl::cel

#pragma once

#include <memory>

#include "ports/checks.h"

namespace pawl::local {

// Runs checks as child processes of this one, in a fresh folder that is removed afterwards, with a minimal environment:
// PATH, LANG, TZ, HOME (the folder), and the PAWL_* facts.
std::shared_ptr<ports::Checks> make_checks();

}  // namespace pawl::local

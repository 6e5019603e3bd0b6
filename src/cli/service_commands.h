#pragma once

#include <vector>

#include "cli/command.h"

namespace pawl::cli {

// A command for every verb of the service's table.
std::vector<Command> service_commands();

}  // namespace pawl::cli

#pragma once

#include <vector>

#include "cli/command.h"

namespace pawl::cli {

// Verbs that need no service, a file a group. A new one is a row of local_commands().
Command completion_command();
Command complete_command();  // what the completion scripts ask; not shown
Command config_command();
Command explain_command();
Command help_command();
Command key_new_command();
Command kustomize_command();
Command policy_check_command();
Command policy_eval_command();
Command policy_explain_command();
Command policy_test_command();
Command schema_command();
Command version_command();

std::vector<Command> local_commands();

}  // namespace pawl::cli

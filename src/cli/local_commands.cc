#include "cli/local_commands.h"

namespace pawl::cli {

std::vector<Command> local_commands() {
  std::vector<Command> commands;
  commands.push_back(config_command());
  commands.push_back(explain_command());
  commands.push_back(schema_command());
  commands.push_back(key_new_command());
  commands.push_back(kustomize_command());
  commands.push_back(policy_check_command());
  commands.push_back(policy_test_command());
  commands.push_back(policy_explain_command());
  commands.push_back(policy_eval_command());
  commands.push_back(completion_command());
  commands.push_back(complete_command());
  commands.push_back(help_command());
  commands.push_back(version_command());
  return commands;
}

}  // namespace pawl::cli

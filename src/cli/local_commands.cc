#include "cli/local_commands.h"

#include "cli/service_commands.h"

namespace pawl::cli {

std::vector<Command> local_commands() {
  std::vector<Command> commands;
  commands.push_back(config_command());
  commands.push_back(explain_command());
  commands.push_back(schema_command());
  commands.push_back(key_new_command());
  commands.push_back(completion_command());
  commands.push_back(complete_command());
  commands.push_back(help_command());
  commands.push_back(version_command());
  return commands;
}

std::vector<Command> all_commands() {
  std::vector<Command> commands = service_commands();
  for (Command& command : local_commands()) commands.push_back(std::move(command));
  return commands;
}

const Command* find_command(const std::vector<Command>& commands, std::string_view name) {
  for (const Command& command : commands) {
    if (command.verb.name == name) return &command;
  }
  return nullptr;
}

}  // namespace pawl::cli

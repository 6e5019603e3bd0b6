#include "cli/command.h"

#include <algorithm>

#include "cli/local_commands.h"
#include "cli/service_commands.h"

namespace pawl::cli {

namespace {

bool is_named(const Slot& slot, std::string_view word) {
  const api::Argument& argument = slot.argument;
  if (argument.positional || word.size() < 2) return false;
  if (!word.starts_with("--")) return argument.letter != '\0' && argument.letter == word[1];
  std::string_view name = word.substr(2);
  return argument.name == name.substr(0, name.find('='));
}

const Slot* find_named(std::span<const Slot> slots, std::string_view word) {
  auto found = std::find_if(slots.begin(), slots.end(), [&](const Slot& slot) { return is_named(slot, word); });
  return found == slots.end() ? nullptr : &*found;
}

}  // namespace

const Slot* find_option(const Command* own, std::span<const Slot> globals, std::string_view word) {
  const Slot* found = own == nullptr ? nullptr : find_named(own->slots, word);
  return found != nullptr ? found : find_named(globals, word);
}

std::string upper_case(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::vector<Command> all_commands() {
  std::vector<Command> commands = service_commands();
  for (Command& command : local_commands()) commands.push_back(std::move(command));
  return commands;
}

const Command* find_command(const std::vector<Command>& commands, std::string_view name) {
  auto found = std::find_if(commands.begin(), commands.end(), [&](const Command& c) { return c.verb.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

}  // namespace pawl::cli

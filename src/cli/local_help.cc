#include <memory>

#include "base/text.h"
#include "cli/help.h"
#include "cli/local_commands.h"
#include "cli/session.h"

// `help`.

namespace pawl::cli {

namespace {

Error no_help(const std::string& name, const std::vector<Command>& commands) {
  std::vector<std::string_view> names = {"exit-codes", "environment"};
  for (const Command& command : commands) {
    if (!is_hidden(command)) names.push_back(command.verb.name);
  }
  std::string near = nearest(name, names);
  return {ErrorCode::kNotFound, "there is no help on \"" + name + "\"",
          near.empty() ? "pawl help" : "did you mean \"pawl help " + near + "\"?"};
}

bool is_group(const std::vector<Command>& commands, const std::string& name) {
  for (const Command& command : commands) {
    if (command.verb.name.starts_with(name + " ")) return true;
  }
  return false;
}

int help(Session& session, const std::vector<std::string>& words) {
  std::vector<Command> commands = all_commands();
  std::string name = join(words, " ");
  Globals globals;
  std::string page;
  if (name.empty())
    page = front_page(commands);
  else if (std::optional<std::string> text = topic(name))
    page = *text;
  else if (const Command* command = find_command(commands, name))
    page = verb_page(*command, slots_of(globals));
  else if (is_group(commands, name))
    page = group_page(commands, name);
  else
    return session.fail(no_help(name, commands));
  std::string names;
  for (const Command& command : commands) names += is_hidden(command) ? "" : std::string(command.verb.name) + "\n";
  return session.show(
      {.text = page, .names = names, .value = [&](format::Arena& arena) { return describe_verbs(arena, commands); }});
}

}  // namespace

Command help_command() {
  auto words = std::make_shared<std::vector<std::string>>();
  Command command{{"help", api::Group::kConfigure, api::Effect::kLooks, "help on a verb or a topic",
                   "pawl help promote\npawl help exit-codes\npawl help environment\npawl help -o json"},
                  {},
                  [words](Session& session) { return help(session, *words); }};
  Binder(command.slots)(*words, {.name = "topic", .summary = "a verb, exit-codes or environment", .positional = true});
  return command;
}

}  // namespace pawl::cli

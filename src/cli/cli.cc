#include "cli/cli.h"

#include <algorithm>

#include "base/text.h"
#include "cli/github.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "cli/print.h"
#include "cli/session.h"
#include "os/file.h"

namespace pawl::cli {

namespace {

// The settings that flags say.
std::map<std::string, std::string> flags_of(const Globals& globals) {
  std::map<std::string, std::string> flags;
  auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) flags[key] = value;
  };
  put("output", globals.output);
  put("store", globals.store);
  put("progress", globals.progress);
  put("timeout", globals.timeout);
  put("sandbox", globals.sandbox);
  put("color", globals.no_color ? "never" : "");
  return flags;
}

// An argument that is a file's bytes was given as its name until now.
Status load_files(const Parsed& parsed) {
  for (const Slot& slot : parsed.command->slots) {
    bool given = std::find(parsed.given.begin(), parsed.given.end(), slot.argument.name) != parsed.given.end();
    if (slot.argument.names != api::Names::kBytes || !given) continue;
    std::string& field = *std::get<std::string*>(slot.field);
    std::string name = field;
    PAWL_ASSIGN(field, os::read_file(name));
    // An argument that is "" is one that was not given.
    if (field.empty())
      return Error(ErrorCode::kInvalid, name + " is empty", "pawl help " + std::string(parsed.command->verb.name));
  }
  return {};
}

std::string joined(std::span<const std::string> words) {
  std::string out;
  for (const std::string& word : words) {
    bool plain = word.find_first_of(" \t\n\"'\\$`*?&|;<>()") == std::string::npos && !word.empty();
    out += (out.empty() ? "" : " ") + (plain ? word : "\"" + word + "\"");
  }
  return out;
}

// Before the settings are known: -o json counts even behind the word that is wrong.
int fail_early(const Error& error, const Globals& globals, std::span<const std::string> words) {
  std::string line = " " + joined(words) + " ";
  auto says = [&](std::string_view text) { return line.find(text) != std::string::npos; };
  if (globals.output == "json" || says(" -o json ") || says(" -ojson ") || says(" --output json ") ||
      says(" --output=json "))
    (void)out(error_json(error, ".")).ok();  // where this cannot be written nobody is left to be told
  else
    err(print_error(error, detect_terminal(globals.no_color ? "never" : "auto")));
  annotate_for_github(error);
  return exit_status(error.code);
}

int show_pages(const Parsed& parsed, const std::vector<Command>& commands, std::span<const Slot> globals) {
  std::string page = parsed.command != nullptr ? verb_page(*parsed.command, globals)
                     : parsed.group.empty()    ? front_page(commands)
                                               : group_page(commands, parsed.group);
  return out(page) ? 0 : exit_status(ErrorCode::kUnavailable);
}

}  // namespace

int run(int argc, const char* const* argv, const Host& host, std::stop_token stop) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  std::vector<Command> commands = all_commands();
  Globals globals;
  std::vector<Slot> global_slots = slots_of(globals);
  if (words == std::vector<std::string>{"--version"}) words = {"version"};
  Result<Parsed> parsed = parse(words, commands, global_slots);
  if (!parsed) return fail_early(parsed.error(), globals, words);
  if (parsed->help || parsed->command == nullptr) return show_pages(*parsed, commands, global_slots);
  Result<Settings> settings = read_settings(flags_of(globals), host.find_project(globals.folder));
  if (!settings) return fail_early(settings.error(), globals, words);
  Session session(host, globals, std::move(*settings), std::move(stop));
  session.enter(*parsed->command, joined(words));
  if (Status loaded = load_files(*parsed); !loaded) return session.fail(loaded.error());
  return parsed->command->run(session);
}

}  // namespace pawl::cli

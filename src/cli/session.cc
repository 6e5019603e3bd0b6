#include "cli/session.h"

#include <cstdlib>
#include <iostream>

#include "base/text.h"
#include "cli/github.h"
#include "cli/print.h"
#include "format/json.h"
#include "format/yaml.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::cli {

std::vector<Slot> slots_of(Globals& g) {
  using api::Names;
  return {{{.name = "output", .summary = "table, json, yaml or name", .letter = 'o'}, &g.output},
          {{.name = "store", .summary = "the store: a folder", .names = Names::kPath}, &g.store},
          {{.name = "directory", .summary = "start in this folder", .names = Names::kPath, .letter = 'C'}, &g.folder},
          {{.name = "timeout", .summary = "give up after this time: 30s, 5m (exit 5)"}, &g.timeout},
          {{.name = "progress", .summary = "auto, json (a line per event on standard error) or never"}, &g.progress},
          {{.name = "sandbox", .summary = "how helm is kept apart: namespaces, or none (a release records it)"},
           &g.sandbox},
          {{.name = "yes", .summary = "yes to what would be asked", .letter = 'y'}, &g.yes},
          {{.name = "no-input", .summary = "never ask"}, &g.no_input},
          {{.name = "no-pager", .summary = "never page"}, &g.no_pager},
          {{.name = "no-color", .summary = "no colour"}, &g.no_color}};
}

Session::Session(const Host& host, const Globals& globals, Settings settings, std::stop_token stop)
    : host_(host),
      settings_(std::move(settings)),
      terminal_(detect_terminal(settings_["color"])),
      place_{.folder = globals.folder,
             .store = settings_["store"],
             .registry_mirrors = settings_["registryMirrors"],
             .helm = settings_["helm"],
             .sandboxed = settings_["sandbox"] != "none"},
      yes_(globals.yes),
      may_ask_(!globals.no_input && settings_["input"] == "true"),
      pages_(!globals.no_pager) {
  context_.stop = std::move(stop);
  context_.trace = os::environment("TRACEPARENT").value_or("");
  if (Result<Duration> timeout = parse_duration(settings_["timeout"])) context_ = context_.within(*timeout);
}

void Session::enter(const Command& command, std::string line) {
  command_ = &command;
  line_ = std::move(line);
}

ProgressMode Session::progress_mode() const {
  if (settings_["progress"] == "json") return ProgressMode::kJson;
  bool line = terminal_.progress && settings_["progress"] == "auto";
  return line ? ProgressMode::kLine : ProgressMode::kNone;
}

Result<Connection> Session::connect(Needs needs) {
  place_.needs = needs;
  progress_ = std::make_unique<Progress>(progress_mode(), std::string(command_->verb.name), host_.version);
  return host_.connect(place_, [this](const std::string& step, const std::string& thing, const std::string& state,
                                      const std::string& detail) { progress_->tell(step, thing, state, detail); });
}

Status Session::confirm(const std::string& question) {
  if (yes_) return {};
  if (!may_ask_ || !terminal_.asks)
    return Error(ErrorCode::kUsage, "nobody can be asked here: " + question, "say --yes");
  err(escape_terminal(question) + " [y/N] ");
  // Nothing was begun, so that Ctrl-C at the question ends at once.
  std::stop_callback gone(context_.stop, [] { std::_Exit(exit_status(ErrorCode::kInterrupted)); });
  std::string answer;
  std::getline(std::cin, answer);
  std::string word = to_lower(trim(answer));
  if (word == "y" || word == "yes") return {};
  return Error(ErrorCode::kNo, "not confirmed; nothing was done");
}

void Session::end_progress(int exit) {
  if (progress_) progress_->end(exit);
}

std::string Session::path_of(const std::string& given) const {
  return given.starts_with('/') || place_.folder.empty() ? given : os::join_path(place_.folder, given);
}

int Session::show(const Shown& shown, int exit) {
  const std::string& form = settings_["output"];
  end_progress(exit);
  // What a reviewer wants to see of a run: what changed, what would, and every no.
  bool worth_it = command_->verb.effect == api::Effect::kChanges || command_->verb.group == api::Group::kChange;
  if (worth_it || exit != 0) summarise_for_github(line_, shown.text.str(), exit);
  if (form == "name" || form == "table") {
    int said = form == "name" ? say(shown.names.str(), exit) : say(shown.text, exit);
    for (const std::string& warning : shown.warnings) err(print_warning(warning, terminal_));
    return said;
  }
  format::Arena arena;
  format::Value value = shown.value(arena);
  return say(
      form == "json" ? format::render_json_pretty(value) : format::render_yaml(value, format::KeyOrder::kAsWritten),
      exit);
}

int Session::say(const Pieces& text, int exit) {
  end_progress(exit);
  bool looks = command_->verb.effect == api::Effect::kLooks;
  if (looks && pages_ && terminal_.pages && page(text.str(), settings_["pager"])) return exit;
  Status written = out(text);
  return written ? exit : fail(written.error());
}

int Session::fail(const Error& error) {
  int exit = exit_status(error.code);
  end_progress(exit);
  const std::string& form = settings_["output"];
  bool structured = form == "json" || form == "yaml";
  std::string folder = structured ? host_.find_project(place_.folder) : "";
  // Where not even this can be written nobody is left to be told.
  if (structured)
    (void)out(form == "json" ? error_json(error, folder) : error_yaml(error, folder)).ok();
  else
    err(print_error(error, terminal_));
  annotate_for_github(error);
  if (command_ != nullptr && command_->verb.effect == api::Effect::kChanges)
    summarise_for_github(line_, print_error(error, Terminal{}), exit);
  return exit;
}

}  // namespace pawl::cli

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "cli/local_commands.h"
#include "cli/session.h"
#include "os/file.h"
#include "os/system.h"

// `config`: what is set about the program itself, and where.

namespace pawl::cli {

namespace {

struct ConfigRequest {
  std::string key;
  bool origin = false;
  bool edit = false;
};

// Opens the user's file in the user's own editor, as git does: by the shell, so that EDITOR may hold arguments.
Status edit() {
  std::string file = user_settings_file();
  std::string editor = os::environment("VISUAL").value_or(os::environment("EDITOR").value_or("vi"));
  PAWL_TRY(os::make_folders(file.substr(0, file.rfind('/')), 0700));
  std::string line = editor + " \"$PAWL_EDITED\"";
  ::setenv("PAWL_EDITED", file.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): no other thread reads it
  int status = std::system(line.c_str());    // NOLINT(concurrency-mt-unsafe, cert-env33-c): the user's own command
  bool good = status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!good) return Error(ErrorCode::kUnknown, "the editor \"" + editor + "\" did not end well", "EDITOR names it");
  return {};
}

std::vector<const SettingRow*> wanted(const std::string& key) {
  std::vector<const SettingRow*> out;
  for (const SettingRow& row : setting_rows()) {
    if (key.empty() || row.key == key) out.push_back(&row);
  }
  return out;
}

Error unknown(const std::string& key) {
  std::vector<std::string_view> keys;
  for (const SettingRow& row : setting_rows()) keys.push_back(row.key);
  std::string near = nearest(key, keys);
  return {ErrorCode::kNotFound, "there is no setting \"" + key + "\"",
          near.empty() ? "pawl config" : "did you mean \"" + near + "\"?"};
}

format::Value value_of(format::Arena& arena, const Settings& settings, const std::vector<const SettingRow*>& rows) {
  format::Value list = format::Value::list();
  for (const SettingRow* row : rows) {
    format::Value one = format::Value::map();
    one.set(arena, "key", row->key);
    one.set(arena, "value", settings[row->key]);
    one.set(arena, "origin", settings.of(row->key).origin);
    list.push_back(arena, one);
  }
  format::Value out = format::Value::map();
  out.set(arena, "settings", list);
  return out;
}

std::string print_settings(const Settings& settings, const std::vector<const SettingRow*>& rows, bool origin) {
  std::vector<Row> lines;
  for (const SettingRow* row : rows) {
    Row line{std::string(row->key), settings[row->key].empty() ? "-" : settings[row->key]};
    if (origin) line.emplace_back(settings.of(row->key).origin);
    lines.push_back(std::move(line));
  }
  return table(lines);
}

int config(Session& session, const ConfigRequest& request) {
  if (request.edit) {
    if (Status edited = edit(); !edited) return session.fail(edited.error());
    // What was written is read, so that a mistake is told of now.
    Result<Settings> again = read_settings({}, session.host().find_project(session.place().folder));
    return again ? session.say(std::string()) : session.fail(again.error());
  }
  std::vector<const SettingRow*> rows = wanted(request.key);
  if (rows.empty()) return session.fail(unknown(request.key));
  const Settings& settings = session.settings();
  bool bare = !request.key.empty() && !request.origin;
  std::string names;
  for (const SettingRow* row : rows) names += std::string(row->key) + "\n";
  return session.show({.text = bare ? settings[request.key] + "\n" : print_settings(settings, rows, request.origin),
                       .names = names,
                       .value = [&](format::Arena& arena) { return value_of(arena, settings, rows); }});
}

}  // namespace

Command config_command() {
  auto request = std::make_shared<ConfigRequest>();
  Command command{{"config", api::Group::kConfigure, api::Effect::kLooks, "what is set, and where it was set",
                   "pawl config --origin\npawl config output\npawl config --edit"},
                  {},
                  [request](Session& session) { return config(session, *request); }};
  Binder bind(command.slots);
  bind(request->key, {.name = "key", .summary = "one setting (all)", .positional = true});
  bind(request->origin, {.name = "origin", .summary = "show where each value came from"});
  bind(request->edit, {.name = "edit", .summary = "open your own file in VISUAL or EDITOR"});
  return command;
}

}  // namespace pawl::cli

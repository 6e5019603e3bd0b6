#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::cli {

// One thing about the program itself that can be set. None of it decides what a release is.
struct SettingRow {
  std::string_view key;       // "output": --output, and its name in configuration files
  std::string_view variable;  // "PAWL_OUTPUT"
  std::string_view fallback;
  std::string_view summary;
  std::span<const std::string_view> words;  // what it may be; empty: anything
  bool from_project;                        // whether a project's own file may say it: nothing that runs a program may
};
std::span<const SettingRow> setting_rows();

struct Setting {
  std::string value;
  std::string origin;  // "--output", "PAWL_OUTPUT", a file's name and line, "default"
};

// Every setting by its key.
class Settings {
 public:
  const std::string& operator[](std::string_view key) const { return values_.find(key)->second.value; }
  const Setting& of(std::string_view key) const { return values_.find(key)->second; }
  bool is_set(std::string_view key) const { return of(key).origin != "default"; }
  void set(std::string_view key, Setting setting) { values_.insert_or_assign(std::string(key), std::move(setting)); }

 private:
  std::map<std::string, Setting, std::less<>> values_;
};

// What the places say, the first one going before the others: `flags`, PAWL_* of the environment, the project's
// .pawl/config.yaml, the user's config.yaml (XDG), the system's (/etc/pawl/config.yaml, or PAWL_SYSTEM_CONFIG).
// `project` is the folder of pawl.yaml; "" where there is none. A relative store is meant from the folder of the file
// that says so. Errors: kInvalid with every mistake of every file.
Result<Settings> read_settings(const std::map<std::string, std::string>& flags, const std::string& project);

// The user's configuration file, which need not exist.
std::string user_settings_file();

}  // namespace pawl::cli

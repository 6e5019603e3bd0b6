#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "base/time.h"
#include "format/yaml.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::cli {

namespace {

constexpr auto kOutputs = std::to_array<std::string_view>({"table", "json", "yaml", "name"});
constexpr auto kColours = std::to_array<std::string_view>({"auto", "always", "never"});
constexpr auto kProgress = std::to_array<std::string_view>({"auto", "json", "never"});
constexpr auto kSandboxes = std::to_array<std::string_view>({"namespaces", "none"});
constexpr auto kYesNo = std::to_array<std::string_view>({"true", "false"});

constexpr auto kRows = std::to_array<SettingRow>({
    {"store", "PAWL_STORE", "", "the store: a folder (.pawl beside pawl.yaml)", {}, true},
    {"output", "PAWL_OUTPUT", "table", "table, json, yaml or name", kOutputs, true},
    {"color", "PAWL_COLOR", "auto", "auto, always or never", kColours, true},
    {"progress", "PAWL_PROGRESS", "auto", "auto, json (a line per event on standard error) or never", kProgress, true},
    {"input", "PAWL_INPUT", "true", "whether it may ask on a terminal", kYesNo, true},
    {"pager", "PAWL_PAGER", "", "the program that shows long output on a terminal (PAGER, else less)", {}, false},
    {"timeout", "PAWL_TIMEOUT", "", "give up after this time: 30s, 5m", {}, true},
    {"helm", "PAWL_HELM", "helm", "the program that renders charts", {}, false},
    {"sandbox", "PAWL_SANDBOX", "namespaces", "how helm is kept apart from this machine; a release records none",
     kSandboxes, false},
    {"registryMirrors",
     "PAWL_REGISTRY_MIRRORS",
     "",
     "where to ask instead of a registry: ghcr.io=http://localhost:5000",
     {},
     false},
});

const SettingRow* find_row(std::string_view key) {
  auto found = std::find_if(kRows.begin(), kRows.end(), [&](const SettingRow& row) { return row.key == key; });
  return found == kRows.end() ? nullptr : &*found;
}

// What is wrong with a value; "" where nothing is.
std::string wrong(const SettingRow& row, const std::string& value) {
  bool known = row.words.empty() || std::find(row.words.begin(), row.words.end(), value) != row.words.end();
  if (!known) return fmt::format("{} cannot be \"{}\": it is one of {}", row.key, value, fmt::join(row.words, ", "));
  if (row.key == "timeout" && !value.empty() && !parse_duration(value))
    return fmt::format("timeout cannot be \"{}\": it is a time like 30s or 5m", value);
  return {};
}

std::string text_of(const format::Value& value) {
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_int()) return std::to_string(value.as_int());
  return std::string(value.string_or_empty());
}

using Found = std::map<std::string, Setting, std::less<>>;

// One configuration file: a flat map. `base` is where a relative store lies.
class File {
 public:
  File(std::string path, std::string base, bool is_project)
      : path_(std::move(path)), base_(std::move(base)), is_project_(is_project) {}

  void read(Found& out, std::vector<Diagnostic>& wrongs) {
    Result<std::optional<std::string>> bytes = os::read_file_if_present(path_);
    if (!bytes) return wrongs.push_back({.file = path_, .code = "unreadable", .summary = bytes.error().text()});
    if (!*bytes || trim(**bytes).empty()) return;
    text_ = **bytes;
    Result<format::Document> document =
        format::parse_yaml_document(text_, {.schema = format::YamlSchema::kStrict12, .file = path_});
    if (!document) {
      wrongs.insert(wrongs.end(), document.error().diagnostics.begin(), document.error().diagnostics.end());
    } else if (!document->root.is_map()) {
      note(wrongs, document->root.at(), 1, "type", "settings are a map");
    } else {
      for (const format::Member& member : document->root.members()) take(member, out, wrongs);
    }
  }

 private:
  void take(const format::Member& member, Found& out, std::vector<Diagnostic>& wrongs) {
    const SettingRow* row = find_row(member.key);
    if (row == nullptr) return unknown(member, wrongs);
    if (is_project_ && !row->from_project)
      return note(wrongs, member.key_at, member.key.size(), "not-here",
                  fmt::format("a project's file cannot say {}: it decides what this machine runs or asks", row->key));
    if (!member.value.is_scalar())
      return note(wrongs, member.value.at(), 1, "type", fmt::format("{} is one word", row->key));
    std::string value = text_of(member.value);
    if (std::string why = wrong(*row, value); !why.empty())
      return note(wrongs, member.value.at(), value.size(), "value", why);
    bool relative = row->key == "store" && value.find("://") == std::string::npos && !value.starts_with('/');
    if (relative) value = os::join_path(base_, value);
    out.insert_or_assign(std::string(member.key), Setting{value, fmt::format("{}:{}", path_, member.key_at.line)});
  }

  void unknown(const format::Member& member, std::vector<Diagnostic>& wrongs) {
    std::vector<std::string_view> keys;
    for (const SettingRow& row : kRows) keys.push_back(row.key);
    std::string near = nearest(member.key, keys);
    note(wrongs, member.key_at, member.key.size(), "unknown-field", fmt::format("unknown setting \"{}\"", member.key),
         near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
  }

  void note(std::vector<Diagnostic>& wrongs, Position at, std::size_t length, std::string code, std::string summary,
            std::string suggestion = {}) {
    Diagnostic diagnostic{.file = path_,
                          .at = at,
                          .length = static_cast<std::uint32_t>(std::clamp<std::size_t>(length, 1, 200)),
                          .code = std::move(code),
                          .summary = std::move(summary),
                          .suggestion = std::move(suggestion),
                          .help = "pawl help environment"};
    diagnostic.snippet = line_of(text_, at.line);
    wrongs.push_back(std::move(diagnostic));
  }

  std::string path_;
  std::string base_;
  bool is_project_;
  std::string text_;
};

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string system_settings_file() { return os::environment("PAWL_SYSTEM_CONFIG").value_or("/etc/pawl/config.yaml"); }

}  // namespace

std::span<const SettingRow> setting_rows() { return kRows; }

std::string user_settings_file() { return os::join_path(os::user_folder("config"), "config.yaml"); }

Result<Settings> read_settings(const std::map<std::string, std::string>& flags, const std::string& project) {
  Found found;
  for (const SettingRow& row : kRows) found[std::string(row.key)] = {std::string(row.fallback), "default"};
  std::vector<Diagnostic> wrongs;
  File(system_settings_file(), folder_of(system_settings_file()), false).read(found, wrongs);
  File(user_settings_file(), folder_of(user_settings_file()), false).read(found, wrongs);
  if (!project.empty()) File(os::join_path(project, ".pawl/config.yaml"), project, true).read(found, wrongs);
  for (const SettingRow& row : kRows) {
    std::optional<std::string> value = os::environment(std::string(row.variable).c_str());
    if (!value) continue;
    if (std::string why = wrong(row, *value); !why.empty())
      wrongs.push_back({.code = "value", .summary = std::string(row.variable) + ": " + why});
    found[std::string(row.key)] = {*value, std::string(row.variable)};
  }
  for (const auto& [key, value] : flags) {
    const SettingRow* row = find_row(key);
    if (std::string why = wrong(*row, value); !why.empty()) return Error(ErrorCode::kUsage, "--" + why, "pawl help");
    found[key] = {value, "--" + key};
  }
  if (!wrongs.empty()) return invalid_files(std::move(wrongs));
  Settings settings;
  for (auto& [key, setting] : found) settings.set(key, std::move(setting));
  return settings;
}

}  // namespace pawl::cli

#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "cli/local_commands.h"
#include "cli/session.h"
#include "cli/settings.h"
#include "cli/terminal.h"

namespace pawl::cli {

namespace {

std::string_view title(api::Group group) {
  switch (group) {
    case api::Group::kStart:
      return "Start";
    case api::Group::kBuild:
      return "Build";
    case api::Group::kUnderstand:
      return "Understand";
    case api::Group::kChange:
      return "Change";
    case api::Group::kOperate:
      return "Operate";
    case api::Group::kConfigure:
      return "Configure";
  }
  return "";
}

constexpr auto kGroups =
    std::to_array<api::Group>({api::Group::kStart, api::Group::kBuild, api::Group::kChange, api::Group::kUnderstand,
                               api::Group::kOperate, api::Group::kConfigure});

std::string indented(std::string_view lines) {
  std::string out;
  for (std::string_view line : split(lines, '\n')) out += "  " + std::string(line) + "\n";
  return out;
}

std::string flag_text(const Slot& slot) {
  const api::Argument& a = slot.argument;
  std::string letter = a.letter == '\0' ? "    " : fmt::format("-{}, ", a.letter);
  return "  " + letter + "--" + std::string(a.name) + (slot.is_flag() ? "" : " " + placeholder(a));
}

std::string flag_table(std::string_view head, std::span<const Slot> slots) {
  std::vector<Row> rows;
  for (const Slot& slot : slots) {
    if (!slot.argument.positional) rows.push_back({flag_text(slot), std::string(slot.argument.summary)});
  }
  return rows.empty() ? "" : fmt::format("\n{}\n{}", head, table(rows));
}

std::string positional_table(const Command& command) {
  std::vector<Row> rows;
  for (const Slot& slot : command.slots) {
    const api::Argument& a = slot.argument;
    if (!a.positional) continue;
    std::string words = a.words.empty() ? "" : fmt::format(": {}", fmt::join(a.words, ", "));
    rows.push_back({"  " + upper_case(a.name), std::string(a.summary) + words});
  }
  return rows.empty() ? "" : "\nArguments\n" + table(rows);
}

}  // namespace

bool is_hidden(const Command& command) { return command.verb.name.starts_with("__"); }

std::string placeholder(const api::Argument& a) {
  switch (a.names) {
    case api::Names::kEnvironment:
      return "ENVIRONMENT";
    case api::Names::kRelease:
      return "RELEASE";
    case api::Names::kLayer:
      return "LAYER";
    case api::Names::kPath:
      return a.name == "directory" || a.name == "store" ? "FOLDER" : "FILE";
    case api::Names::kBytes:
      return "FILE";
    case api::Names::kText:
    case api::Names::kComparable:
      break;
  }
  return upper_case(a.name);
}

std::string usage_line(const Command& command) {
  std::string out = "pawl " + std::string(command.verb.name);
  for (const Slot& slot : command.slots) {
    const api::Argument& a = slot.argument;
    if (a.positional) out += a.required ? " " + upper_case(a.name) : " [" + upper_case(a.name) + "]";
    if (!a.positional && a.required) out += " --" + std::string(a.name) + " " + placeholder(a);
  }
  bool more = std::any_of(command.slots.begin(), command.slots.end(),
                          [](const Slot& slot) { return !slot.argument.positional && !slot.argument.required; });
  return out + (more ? " [flags]" : "");
}

std::string front_page(const std::vector<Command>& commands) {
  std::string out =
      "Pawl moves a release from development to production one way only, and proves every step.\n\n"
      "  pawl init && pawl release 1 && pawl promote --to dev\n";
  for (api::Group group : kGroups) {
    std::vector<Row> rows;
    for (const Command& command : commands) {
      if (command.verb.group == group && !is_hidden(command))
        rows.push_back({fmt::format("  {:<13}", command.verb.name), std::string(command.verb.summary)});
    }
    if (!rows.empty()) out += fmt::format("\n{}\n{}", title(group), table(rows));
  }
  return out + "\npawl VERB --help has examples. pawl help exit-codes, pawl help environment.\n";
}

std::string verb_page(const Command& command, std::span<const Slot> globals) {
  return fmt::format("{}: {}\n\nExamples\n{}\nUsage\n  {}\n", command.verb.name, command.verb.summary,
                     indented(command.verb.examples), usage_line(command)) +
         positional_table(command) + flag_table("Flags", command.slots) + flag_table("Everywhere", globals);
}

std::string group_page(const std::vector<Command>& commands, std::string_view group) {
  std::string out = "Examples\n";
  std::vector<Row> rows;
  for (const Command& command : commands) {
    if (!command.verb.name.starts_with(std::string(group) + " ")) continue;
    out += indented(command.verb.examples);
    rows.push_back({"  pawl " + std::string(command.verb.name), std::string(command.verb.summary)});
  }
  return out + "\nVerbs\n" + table(rows);
}

namespace {

std::string exit_codes() {
  return R"(Exit codes
  0    yes, or done
  1    the answer is no: it differs, drifted, was denied, verification failed
  2    wrong usage, or a file that cannot be read
  3    not found
  4    not allowed
  5    the time allowed is over; trying again can help
  6    pending: a gate waits
  7    conflict: somebody was first, or something is in the way
  8    a remote or the disk cannot serve now; trying again can help
  9    it could not be told, and neither 5 nor 8 fits
  10   integrity: bytes are not what their digest or signature says
  130  interrupted
)";
}

std::string environment_page() {
  std::vector<Row> rows;
  for (const SettingRow& row : setting_rows())
    rows.push_back({"  " + std::string(row.variable), std::string(row.summary)});
  std::string out =
      "Flags go before the environment, which goes before .pawl/config.yaml of the project, config.yaml in your\n"
      "configuration folder and /etc/pawl/config.yaml. `pawl config --origin` says which one spoke.\n\nSettings\n" +
      table(rows);
  return out + R"(
Keys
  PAWL_KEY                   your own private key, which signs what you ask for (key.pem in your configuration folder)
  PAWL_KEY_PASSPHRASE_FILE   a file with the passphrase of encrypted keys; also _FD, or PAWL_KEY_PASSPHRASE

Honoured
  DOCKER_CONFIG                    where registries' credentials are
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY, SSL_CERT_FILE
  NO_COLOR, CLICOLOR_FORCE, TERM   colour never, or always; TERM=dumb: no symbols, no progress, no pager
  PAGER, LESS                      what shows long output on a terminal
  VISUAL, EDITOR                   what `pawl config --edit` opens
  XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME
  CI                               nobody is asked, nothing is paged or redrawn
  GITHUB_ACTIONS                   errors become annotations; GITHUB_STEP_SUMMARY gets what was done

SOURCE_DATE_EPOCH changes nothing: no time enters a release or a bundle, and the ledger's times are those of the clock.
)";
}

}  // namespace

std::optional<std::string> topic(std::string_view name) {
  if (name == "exit-codes") return exit_codes();
  if (name == "environment") return environment_page();
  return std::nullopt;
}

namespace {

format::Value describe_argument(format::Arena& arena, const Slot& slot) {
  const api::Argument& a = slot.argument;
  format::Value out = format::Value::map();
  out.set(arena, "name", a.name);
  out.set(arena, "summary", a.summary);
  out.set(arena, "positional", format::Value::boolean(a.positional));
  out.set(arena, "required", format::Value::boolean(a.required));
  out.set(arena, "flag", format::Value::boolean(slot.is_flag()));
  out.set(arena, "repeats", format::Value::boolean(slot.is_list()));
  format::Value words = format::Value::list();
  for (std::string_view word : a.words) words.push_back(arena, format::Value::string_ref(word));
  out.set(arena, "words", words);
  return out;
}

}  // namespace

format::Value describe_verbs(format::Arena& arena, const std::vector<Command>& commands) {
  format::Value verbs = format::Value::list();
  for (const Command& command : commands) {
    if (is_hidden(command)) continue;
    format::Value one = format::Value::map();
    one.set(arena, "name", command.verb.name);
    one.set(arena, "group", title(command.verb.group));
    one.set(arena, "changes", format::Value::boolean(command.verb.effect == api::Effect::kChanges));
    one.set(arena, "summary", command.verb.summary);
    one.set(arena, "usage", usage_line(command));
    format::Value examples = format::Value::list();
    for (std::string_view line : split(command.verb.examples, '\n')) {
      if (!line.empty()) examples.push_back(arena, format::Value::string_ref(line));
    }
    one.set(arena, "examples", examples);
    format::Value list = format::Value::list();
    for (const Slot& slot : command.slots) list.push_back(arena, describe_argument(arena, slot));
    one.set(arena, "arguments", list);
    verbs.push_back(arena, one);
  }
  format::Value out = format::Value::map();
  out.set(arena, "verbs", verbs);
  return out;
}

}  // namespace pawl::cli

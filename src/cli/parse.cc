#include "cli/parse.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/text.h"
#include "cli/help.h"

namespace pawl::cli {

namespace {

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates,
                         std::string_view before, const std::string& otherwise) {
  std::string near = nearest(word, candidates);
  return near.empty() ? otherwise : "did you mean " + in_quotes(std::string(before) + near) + "?";
}

// CLI11 takes the next word for the value of "--name=", ends a verb at "++" and makes two words of "[a,b]". Behind a
// NUL, which no argument of a process can hold, it sees nothing of the kind.
std::string guarded(const std::string& word) {
  bool special = word.ends_with('=') || word.ends_with(']') || word == "++";
  return special ? word + '\0' : word;
}

std::string unguarded(std::string word) {
  if (word.ends_with('\0')) word.pop_back();
  return word;
}

// "-m,--message", or "release" where it is positional.
std::string option_names(const api::Argument& argument) {
  std::string name(argument.name);
  if (argument.positional) return name;
  return (argument.letter == '\0' ? "--" : std::string("-") + argument.letter + ",--") + name;
}

using Words = std::vector<std::string>;

// "policy" of "policy test", or the whole name of a verb that is in no group.
std::string_view first_word(const Command& command) { return command.verb.name.substr(0, command.verb.name.find(' ')); }

class Parser {
 public:
  Parser(std::span<const std::string> words, const std::vector<Command>& commands, std::span<const Slot> globals)
      : words_(words), commands_(commands) {
    app_.set_help_flag();
    app_.allow_extras();            // they are refused here, for all of them the same way
    app_.fallthrough();             // arguments of every verb stand behind it too
    app_.require_subcommand(0, 1);  // the name of a verb is a word like others behind a verb
    // CLI11 compares each with all the others, and one that is not named cannot be meant.
    for (const Command& command : commands) {
      if (std::find(words.begin(), words.end(), first_word(command)) != words.end()) add_verb(command);
    }
    for (const Slot& slot : globals) add(app_, slot);
    app_.set_help_flag("-h,--help");
  }

  Result<Parsed> run() {
    bool complete = true;
    try {
      Words line(words_.size());
      std::transform(words_.rbegin(), words_.rend(), line.begin(), guarded);
      app_.parse(std::move(line));
    } catch (const CLI::CallForHelp&) {
      out_.help = true;
    } catch (const CLI::RequiredError&) {
      complete = false;
    } catch (const CLI::ArgumentMismatch&) {
      return usage(words_.back() + " wants a value");
    } catch (const CLI::Error& error) {
      return wrong_.value_or(usage(error.what()));
    }
    PAWL_TRY(refuse_extras());
    if (!complete) return missing();
    return finish();
  }

 private:
  struct Added {
    const Slot* slot;
    const CLI::Option* option;
  };

  void add_verb(const Command& command) {
    std::string name(command.verb.name);
    std::size_t space = name.find(' ');
    CLI::App& parent = space == std::string::npos ? app_ : group(name.substr(0, space));
    CLI::App* verb = parent.add_subcommand(name.substr(space + 1));  // npos + 1 is 0
    verb->preparse_callback([this, verb, &command](std::size_t) { enter(*verb, command); });
  }

  CLI::App& group(const std::string& name) {
    CLI::App*& group = groups_[name];
    if (group == nullptr) {
      group = app_.add_subcommand(name);
      group->preparse_callback([this, name](std::size_t) { out_.group = name; });
    }
    return *group;
  }

  // Only the verb that was named gets its arguments: those of every verb would double the instructions of a parse.
  void enter(CLI::App& verb, const Command& command) {
    out_.command = &command;
    for (const Slot& slot : command.slots) add(verb, slot);
    surplus_ = repeats(verb.add_option("surplus"));
  }

  static const CLI::Option* repeats(CLI::Option* positional) {
    return positional->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
  }

  void add(CLI::App& app, const Slot& slot) {
    CLI::Option* option = app.add_option(option_names(slot.argument), [this, &slot](const Words& values) {
      return std::all_of(values.begin(), values.end(), [&](const std::string& value) { return take(slot, value); });
    });
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->required(slot.argument.required);
    if (slot.is_flag()) option->expected(0);
    if (slot.is_list() && slot.argument.positional) repeats(option);
    added_.push_back({&slot, option});
  }

  bool take(const Slot& slot, const std::string& value) {
    Status filled = fill(slot, unguarded(value));
    if (!filled) wrong_ = filled.error();
    return filled.ok();
  }

  Status fill(const Slot& slot, std::string value) const {
    const api::Argument& argument = slot.argument;
    std::string name = "--" + std::string(argument.name);
    bool known = argument.words.empty() ||
                 std::find(argument.words.begin(), argument.words.end(), value) != argument.words.end();
    if (!known) return wrong_word(argument, value);
    if (auto* flag = std::get_if<bool*>(&slot.field)) {
      if (value != "true") return usage(name + "=" + value + ": " + name + " takes no value");
      **flag = !argument.negates;
    }
    if (auto* number = std::get_if<std::uint64_t*>(&slot.field)) {
      auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), **number);
      if (error != std::errc() || end != value.data() + value.size())
        return usage(name + ": " + in_quotes(value) + " is not a number");
    }
    if (auto* text = std::get_if<std::string*>(&slot.field)) **text = std::move(value);
    if (auto* list = std::get_if<Words*>(&slot.field)) (*list)->push_back(std::move(value));
    return {};
  }

  Status refuse_extras() const {
    for (const std::string& extra : app_.remaining()) {
      std::string word = unguarded(extra);
      if (word == "--") continue;
      return word.size() > 1 && word[0] == '-' ? unknown_option(word.substr(0, word.find('='))) : unknown_verb(word);
    }
    if (surplus_ == nullptr || surplus_->empty()) return {};
    return usage(
        fmt::format("pawl {} does not take {}", out_.command->verb.name, in_quotes(unguarded(surplus_->results()[0]))));
  }

  Error unknown_verb(const std::string& word) const {
    std::string name = out_.group.empty() ? word : out_.group + " " + word;
    std::vector<std::string_view> names;
    for (const Command& command : commands_) {
      if (is_hidden(command)) continue;
      names.push_back(command.verb.name);
      if (out_.group.empty()) names.push_back(first_word(command));
    }
    return {ErrorCode::kUsage, "there is no verb " + in_quotes(name),
            did_you_mean(name, names, "pawl ", out_.group.empty() ? "pawl help" : "pawl help " + out_.group)};
  }

  Error unknown_option(const std::string& word) const {
    if (find_option(out_.command, {}, word) != nullptr) return usage(word + " goes behind the verb");
    Words names;
    for (const Added& added : added_) {
      if (!added.slot->argument.positional) names.push_back("--" + std::string(added.slot->argument.name));
    }
    std::vector<std::string_view> views(names.begin(), names.end());
    std::string verb = out_.command == nullptr ? "pawl" : "pawl " + std::string(out_.command->verb.name);
    std::string where = out_.command == nullptr ? "pawl help" : verb + " --help";
    return {ErrorCode::kUsage, verb + " has no flag " + in_quotes(word), did_you_mean(word, views, "", where)};
  }

  static Error wrong_word(const api::Argument& argument, const std::string& value) {
    std::vector<std::string_view> words(argument.words.begin(), argument.words.end());
    std::string name = argument.positional ? upper_case(argument.name) : "--" + std::string(argument.name);
    return {ErrorCode::kUsage, name + " cannot be " + in_quotes(value),
            did_you_mean(value, words, "", fmt::format("one of {}", fmt::join(words, ", ")))};
  }

  Error usage(std::string message) const {
    std::string verb = out_.command == nullptr ? "" : std::string(out_.command->verb.name) + " ";
    return {ErrorCode::kUsage, std::move(message), "pawl " + verb + "--help"};
  }

  Error missing() const {
    Words names;
    for (const auto& [slot, option] : added_) {
      if (!option->get_required() || !option->empty()) continue;
      std::string name(slot->argument.name);
      names.push_back(slot->argument.positional ? upper_case(name) : "--" + name + " " + placeholder(slot->argument));
    }
    const api::Verb& verb = out_.command->verb;
    return {ErrorCode::kUsage, fmt::format("pawl {} wants {}", verb.name, fmt::join(names, " and ")),
            std::string(split(verb.examples, '\n')[0])};
  }

  Parsed finish() {
    if (out_.command != nullptr) out_.group.clear();
    for (const auto& [slot, option] : added_) {
      if (!option->empty()) out_.given.emplace_back(slot->argument.name);
    }
    return std::move(out_);
  }

  std::span<const std::string> words_;
  const std::vector<Command>& commands_;
  CLI::App app_;
  std::map<std::string, CLI::App*> groups_;
  std::vector<Added> added_;
  const CLI::Option* surplus_ = nullptr;  // what the verb has no place for
  std::optional<Error> wrong_;            // what stopped CLI11 at a value
  Parsed out_;
};

}  // namespace

Result<Parsed> parse(std::span<const std::string> words, const std::vector<Command>& commands,
                     std::span<const Slot> globals) {
  return Parser(words, commands, globals).run();
}

}  // namespace pawl::cli

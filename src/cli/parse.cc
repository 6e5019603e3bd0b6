#include "cli/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "cli/help.h"

namespace pawl::cli {

namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates,
                         std::string_view before, const std::string& otherwise) {
  std::string near = nearest(word, candidates);
  return near.empty() ? otherwise : "did you mean " + quoted(std::string(before) + near) + "?";
}

class Parser {
 public:
  Parser(std::span<const std::string> words, const std::vector<Command>& commands, std::span<const Slot> globals)
      : words_(words), commands_(commands), globals_(globals) {}

  Result<Parsed> run() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      bool option = !only_positional_ && word.size() > 1 && word[0] == '-';
      if (word == "--" && !only_positional_)
        only_positional_ = true;
      else if (option)
        PAWL_TRY(take_option(word));
      else
        PAWL_TRY(take_word(word));
    }
    PAWL_TRY(check_required());
    return std::move(out_);
  }

 private:
  Status take_option(const std::string& word) {
    if (word == "-h" || word == "--help") {
      out_.help = true;
      return {};
    }
    bool is_long = word.starts_with("--");
    std::size_t equals = is_long ? word.find('=') : std::string::npos;
    const Slot* slot = find_option(out_.command, globals_, word);
    if (slot == nullptr) return unknown_option(word.substr(0, equals));
    std::optional<std::string> attached;
    if (equals != std::string::npos) attached = word.substr(equals + 1);
    if (!is_long && word.size() > 2) attached = word.substr(2);
    return take_value(*slot, word, attached);
  }

  Status take_value(const Slot& slot, const std::string& word, std::optional<std::string> attached) {
    out_.given.emplace_back(slot.argument.name);
    if (slot.is_flag()) {
      if (attached) return usage(word + ": --" + std::string(slot.argument.name) + " takes no value");
      *std::get<bool*>(slot.field) = !slot.argument.negates;
      return {};
    }
    if (!attached) {
      if (at_ + 1 == words_.size()) return usage(word + " wants a value");
      attached = words_[++at_];
    }
    return fill(slot, std::move(*attached));
  }

  Status take_word(const std::string& word) {
    if (out_.command == nullptr) return take_verb(word);
    std::vector<const Slot*> places;
    for (const Slot& slot : out_.command->slots) {
      if (slot.argument.positional) places.push_back(&slot);
    }
    if (positionals_ < places.size()) {
      out_.given.emplace_back(places[positionals_]->argument.name);
      const Slot& slot = *places[positionals_];
      if (!slot.is_list()) ++positionals_;  // a list takes all the rest
      return fill(slot, word);
    }
    return usage("pawl " + std::string(out_.command->verb.name) + " does not take " + quoted(word));
  }

  Status take_verb(const std::string& word) {
    std::string name = out_.group.empty() ? word : out_.group + " " + word;
    out_.command = find_command(commands_, name);
    if (out_.command != nullptr) {
      out_.group.clear();
      return {};
    }
    std::vector<std::string_view> names;
    for (const Command& command : commands_) {
      if (out_.group.empty() && command.verb.name.starts_with(word + " ")) {
        out_.group = word;
        return {};
      }
      if (command.verb.name.starts_with("__")) continue;
      names.push_back(command.verb.name);
      if (std::size_t space = command.verb.name.find(' '); space != std::string_view::npos && out_.group.empty())
        names.push_back(command.verb.name.substr(0, space));
    }
    return Error(ErrorCode::kUsage, "there is no verb " + quoted(name),
                 did_you_mean(name, names, "pawl ", out_.group.empty() ? "pawl help" : "pawl help " + out_.group));
  }

  Status fill(const Slot& slot, std::string value) {
    const api::Argument& argument = slot.argument;
    bool known = argument.words.empty() ||
                 std::find(argument.words.begin(), argument.words.end(), value) != argument.words.end();
    if (!known) return wrong_word(argument, value);
    if (auto* text = std::get_if<std::string*>(&slot.field)) **text = std::move(value);
    if (auto* list = std::get_if<std::vector<std::string>*>(&slot.field)) (*list)->push_back(std::move(value));
    if (auto* number = std::get_if<std::uint64_t*>(&slot.field)) {
      auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), **number);
      if (error != std::errc() || end != value.data() + value.size() || value.empty())
        return usage("--" + std::string(argument.name) + ": " + quoted(value) + " is not a number");
    }
    return {};
  }

  Status wrong_word(const api::Argument& argument, const std::string& value) const {
    std::vector<std::string_view> words(argument.words.begin(), argument.words.end());
    std::string name = argument.positional ? upper_case(argument.name) : "--" + std::string(argument.name);
    return Error(ErrorCode::kUsage, name + " cannot be " + quoted(value),
                 did_you_mean(value, words, "", fmt::format("one of {}", fmt::join(words, ", "))));
  }

  Status unknown_option(const std::string& word) const {
    std::vector<std::string> names;
    auto collect = [&](const Slot& slot) {
      if (!slot.argument.positional) names.push_back("--" + std::string(slot.argument.name));
    };
    if (out_.command != nullptr) std::for_each(out_.command->slots.begin(), out_.command->slots.end(), collect);
    std::for_each(globals_.begin(), globals_.end(), collect);
    std::vector<std::string_view> views(names.begin(), names.end());
    std::string verb = out_.command == nullptr ? "pawl" : "pawl " + std::string(out_.command->verb.name);
    std::string where = out_.command == nullptr ? "pawl help" : verb + " --help";
    return Error(ErrorCode::kUsage, verb + " has no flag " + quoted(word), did_you_mean(word, views, "", where));
  }

  Status usage(std::string message) const {
    std::string verb = out_.command == nullptr ? "" : std::string(out_.command->verb.name) + " ";
    return Error(ErrorCode::kUsage, std::move(message), "pawl " + verb + "--help");
  }

  Status check_required() const {
    if (out_.help || out_.command == nullptr) return {};
    std::vector<std::string> missing;
    for (const Slot& slot : out_.command->slots) {
      bool given = std::find(out_.given.begin(), out_.given.end(), slot.argument.name) != out_.given.end();
      if (!slot.argument.required || given) continue;
      std::string name(slot.argument.name);
      missing.push_back(slot.argument.positional ? upper_case(name) : "--" + name + " " + placeholder(slot.argument));
    }
    if (missing.empty()) return {};
    std::string example(split(out_.command->verb.examples, '\n')[0]);
    return Error(ErrorCode::kUsage,
                 fmt::format("pawl {} wants {}", out_.command->verb.name, fmt::join(missing, " and ")), example);
  }

  std::span<const std::string> words_;
  const std::vector<Command>& commands_;
  std::span<const Slot> globals_;
  std::size_t at_ = 0;
  std::size_t positionals_ = 0;
  bool only_positional_ = false;
  Parsed out_;
};

}  // namespace

Result<Parsed> parse(std::span<const std::string> words, const std::vector<Command>& commands,
                     std::span<const Slot> globals) {
  return Parser(words, commands, globals).run();
}

}  // namespace pawl::cli

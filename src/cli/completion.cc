#include "cli/completion.h"

#include <algorithm>

#include "cli/help.h"

namespace pawl::cli {

namespace {

// Reads the words before the cursor as far as completion must know them: the verb, and which argument is next.
class Completer {
 public:
  Completer(const std::vector<Command>& commands, std::span<const Slot> globals, const ListNames& list)
      : commands_(commands), globals_(globals), list_(list) {}

  std::vector<std::string> run(std::span<const std::string> words) {
    partial_ = words.empty() ? "" : words.back();
    for (const std::string& word : words.first(words.empty() ? 0 : words.size() - 1)) pass(word);
    if (wants_value_ != nullptr) {
      values(*wants_value_, "");
    } else if (std::size_t equals = partial_.find('='); partial_.starts_with("--") && equals != std::string::npos) {
      const Slot* slot = option(partial_.substr(0, equals));
      if (slot != nullptr) values(*slot, partial_.substr(0, equals + 1));
    } else if (partial_.starts_with('-')) {
      flags();
    } else if (command_ == nullptr) {
      verbs();
    } else {
      positional();
    }
    return std::move(out_);
  }

 private:
  void pass(const std::string& word) {
    if (wants_value_ != nullptr) {
      wants_value_ = nullptr;
    } else if (word.starts_with('-')) {
      const Slot* slot = option(word);
      bool attached = word.find('=') != std::string::npos || (!word.starts_with("--") && word.size() > 2);
      if (slot != nullptr && !slot->is_flag() && !attached) wants_value_ = slot;
    } else if (command_ == nullptr) {
      std::string name = group_.empty() ? word : group_ + " " + word;
      command_ = find_command(commands_, name);
      if (command_ == nullptr) group_ = name;
    } else {
      typed_.push_back(word);
    }
  }

  const Slot* option(const std::string& word) const { return find_option(command_, globals_, word); }

  void offer(std::string candidate, std::string_view description = {}) {
    if (!candidate.starts_with(partial_)) return;
    if (!description.empty()) candidate += "\t" + std::string(description);
    if (std::find(out_.begin(), out_.end(), candidate) == out_.end()) out_.push_back(std::move(candidate));
  }

  void verbs() {
    std::string before = group_.empty() ? "" : group_ + " ";
    for (const Command& command : commands_) {
      std::string_view name = command.verb.name;
      if (is_hidden(command) || !name.starts_with(before)) continue;
      name.remove_prefix(before.size());
      bool whole = name.find(' ') == std::string_view::npos;
      offer(std::string(name.substr(0, name.find(' '))), whole ? command.verb.summary : "");
    }
  }

  void flags() {
    auto each = [&](const Slot& slot) {
      if (!slot.argument.positional) offer("--" + std::string(slot.argument.name), slot.argument.summary);
    };
    if (command_ != nullptr) std::for_each(command_->slots.begin(), command_->slots.end(), each);
    std::for_each(globals_.begin(), globals_.end(), each);
    offer("--help", "help with examples");
  }

  void positional() {
    std::size_t place = 0;
    for (const Slot& slot : command_->slots) {
      if (!slot.argument.positional) continue;
      if (place == typed_.size() || slot.is_list()) return values(slot, "");
      ++place;
    }
  }

  void all(std::string_view kind, const std::string& before) {
    for (const std::string& name : list_(kind)) offer(before + name);
  }

  void values(const Slot& slot, const std::string& before) {
    const api::Argument& argument = slot.argument;
    for (std::string_view word : argument.words) offer(before + std::string(word));
    switch (argument.names) {
      case api::Names::kEnvironment:
        return all("environments", before);
      case api::Names::kRelease:
        return all("releases", before);
      case api::Names::kComparable:
        return comparable(before);
      case api::Names::kPath:
      case api::Names::kBytes:
        out_.emplace_back(":files");
        return;
      case api::Names::kText:
      case api::Names::kLayer:
        break;
    }
    if (argument.name == "output") {
      for (const char* word : {"table", "json", "yaml", "name"}) offer(before + word);
    }
    if (command_ != nullptr && command_->verb.name == "help") verbs_for_help();
    if (argument.name == "shell") {
      for (const char* word : {"bash", "zsh", "fish"}) offer(word);
    }
  }

  void verbs_for_help() {
    for (const Command& command : commands_) {
      if (!is_hidden(command)) offer(std::string(command.verb.name), command.verb.summary);
    }
    offer("exit-codes");
    offer("environment");
  }

  // `describe KIND` names one of the kind; `diff` takes environments, also as they are live.
  void comparable(const std::string& before) {
    if (command_->verb.name == "describe") {
      if (!typed_.empty()) all(typed_[0] + "s", before);
      return;
    }
    all("environments", before);
    all("environments", before + "live:");
  }

  const std::vector<Command>& commands_;
  std::span<const Slot> globals_;
  const ListNames& list_;
  std::string partial_;
  std::string group_;
  const Command* command_ = nullptr;
  const Slot* wants_value_ = nullptr;
  std::vector<std::string> typed_;
  std::vector<std::string> out_;
};

constexpr std::string_view kBash = R"(# pawl completion for bash: source <(pawl completion bash)
_pawl() {
  local line=${COMP_LINE:0:COMP_POINT} words found
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local partial=${words[${#words[@]}-1]}
  # Bash breaks words at = and : and puts back only what is behind the last one.
  local before=${partial%"${partial##*[=:]}"}
  COMPREPLY=()
  while IFS= read -r found; do
    if [[ $found == :files ]]; then
      compopt -o default 2>/dev/null
    elif [[ -n $found ]]; then
      found=${found%%$'\t'*}
      COMPREPLY+=("${found#"$before"}")
    fi
  done < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _pawl pawl
)";

constexpr std::string_view kZsh = R"(#compdef pawl
# pawl completion for zsh: pawl completion zsh > a folder of your fpath, as _pawl; or source <(pawl completion zsh)
_pawl() {
  local -a found plain
  found=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local line
  for line in $found; do
    if [[ $line == :files ]]; then
      _files
    elif [[ -n $line ]]; then
      plain+=("${line%%$'\t'*}")
    fi
  done
  (( ${#plain} )) && compadd -- $plain
}
if [ "$funcstack[1]" = _pawl ]; then
  _pawl "$@"
else
  compdef _pawl pawl
fi
)";

constexpr std::string_view kFish = R"(# pawl completion for fish: pawl completion fish | source
function __pawl_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c pawl -f -a '(__pawl_complete)'
)";

}  // namespace

std::vector<std::string> complete(std::span<const std::string> words, const std::vector<Command>& commands,
                                  std::span<const Slot> globals, const ListNames& list) {
  return Completer(commands, globals, list).run(words);
}

std::optional<std::string> completion_script(std::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  if (shell == "fish") return std::string(kFish);
  return std::nullopt;
}

}  // namespace pawl::cli

#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace pawl::cli {

// A completion script for bash, zsh or fish; nullopt for other shells. They ask `pawl __complete`.
std::optional<std::string> completion_script(std::string_view shell);

// What is in the store, asked for only where it is needed.
using ListNames = std::function<std::vector<std::string>(std::string_view kind)>;  // "environments", "releases" ...

// What can stand in place of the last of `words` (the others came before it, without "pawl"): lines of a candidate, or
// of a candidate, a tab and a description; the line ":files" means that files can.
std::vector<std::string> complete(std::span<const std::string> words, const std::vector<Command>& commands,
                                  std::span<const Slot> globals, const ListNames& list);

}  // namespace pawl::cli

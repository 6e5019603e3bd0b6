#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace pawl::cli {

// What a command line says. `command` is null where no verb was given.
struct Parsed {
  const Command* command = nullptr;
  std::vector<std::string> given;  // the names of the arguments that were typed
  bool help = false;               // -h or --help was among them
  std::string group;               // "audit": the first half of verbs of two words, alone
};

// Reads `words` (without the program's name) and fills the fields of the verb that is named and of the global
// arguments, which may stand before and behind the verb. Takes --name VALUE, --name=VALUE, -x VALUE, -xVALUE, flags
// together (-yo json); after "--" everything is positional. No word may hold a NUL. Errors: kUsage with a "did you
// mean"; what is required is asked for unless help was.
Result<Parsed> parse(std::span<const std::string> words, const std::vector<Command>& commands,
                     std::span<const Slot> globals);

}  // namespace pawl::cli

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "os/confine.h"

namespace pawl::os {

struct Command {
  std::vector<std::string> argv;                   // argv[0] is looked up in PATH unless it has a slash; never a shell
  std::string folder;                              // working folder; empty: this process's
  std::map<std::string, std::string> environment;  // the whole environment, nothing is inherited
  std::string input;                               // standard input
  std::size_t max_output = 1u << 20;               // bytes kept of each stream; the rest is read and dropped
  std::optional<Confinement> confinement = {};     // decides the program and the working folder, too
};

struct CommandResult {
  int exit_status = 0;  // 128 + signal when a signal ended it
  bool timed_out = false;
  bool truncated = false;
  std::string output;
  std::string errors;
};

// Runs a program in a process group of its own and waits. At the context's deadline or stop the group gets TERM, two
// seconds later KILL. Errors: kNotFound when there is no such program; kInterrupted when stopped. A non-zero exit and
// a timeout are results. Confined: kDenied where this machine does not let it be confined; it is not run then.
Result<CommandResult> run(const Context& context, const Command& command);

// PATH, HOME, LANG and the like, for programs that need the user's environment (git, credential helpers).
std::map<std::string, std::string> inherited_environment();

}  // namespace pawl::os

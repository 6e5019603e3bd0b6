#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/sources.h"

namespace pawl::ports {

struct CheckRequest {
  std::string name;
  std::vector<std::string> command;  // argv; an argv[0] with a slash is a path inside `files`
  Duration timeout{};
  FileTree files;                                  // laid out in a fresh folder, the working folder
  std::map<std::string, std::string> environment;  // PAWL_* facts: digests, names; added to a minimal environment
};

struct CheckResult {
  bool passed = false;
  bool errored = false;  // could not tell: no such program, a timeout
  std::string reason;    // "exit status 1", "timed out after 2m"
  std::string output;    // standard output and errors, bounded
  Duration took{};
};

// Runs a verification. A check that says no is a result, not an error. Errors: kInterrupted, kUnavailable.
class Checks {
 public:
  virtual ~Checks() = default;
  virtual Result<CheckResult> run(const Context& context, const CheckRequest& request) = 0;
};

}  // namespace pawl::ports

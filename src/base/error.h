#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace pawl {

// The closed list of ways in which something fails. exit_status() and http_status() are the only tables from it.
enum class ErrorCode : std::uint8_t {
  kNo,       // the answer is no: differs, drifted, denied by a gate, verification failed
  kUsage,    // wrong arguments
  kInvalid,  // a file or document that cannot be read as what it should be
  kNotFound,
  kDenied,  // the caller may not
  kTimeout,
  kPending,      // a gate waits
  kConflict,     // somebody else was first, or something is in the way
  kUnavailable,  // a remote or the disk cannot serve now; trying again can help
  kUnknown,      // could not tell
  kIntegrity,    // bytes are not what their digest or signature says
  kInterrupted,  // stopped on request
};

// 0 is never an error; see DESIGN "Command line": 1 no, 2 usage, 3 not found, 4 not allowed, 5 timeout, 6 pending,
// 7 conflict, 8 unreachable, 9 could not tell, 10 integrity, 130 interrupted.
int exit_status(ErrorCode code);
int http_status(ErrorCode code);
// Returns the stable name that JSON output carries: "not-found".
std::string_view name_of(ErrorCode code);

// An expected failure. `message` names the thing and the value; each layer on the way up adds one "while" frame.
struct Error {
  ErrorCode code = ErrorCode::kUnknown;
  std::string message;
  std::vector<std::string> frames;  // innermost first: "locking image redis:7"
  std::string hint;                 // what to do now
  std::vector<Diagnostic> diagnostics;

  Error() = default;
  Error(ErrorCode c, std::string m, std::string h = {}) : code(c), message(std::move(m)), hint(std::move(h)) {}

  // Adds a frame: `what` continues "while ...".
  Error& within(std::string what) &;
  Error within(std::string what) &&;
  // Returns "message (while A, while B)" on one line, without the hint.
  std::string text() const;
};

// Returns an error of code kInvalid that carries `diagnostics`; its message counts them.
Error invalid_files(std::vector<Diagnostic> diagnostics);

}  // namespace pawl

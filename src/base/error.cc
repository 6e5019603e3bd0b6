#include "base/error.h"

#include "base/text.h"

namespace pawl {

namespace {

struct Row {
  int exit;
  int http;
  std::string_view name;
};

Row row(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNo:
      return {1, 200, "no"};
    case ErrorCode::kUsage:
      return {2, 400, "usage"};
    case ErrorCode::kInvalid:
      return {2, 422, "invalid"};
    case ErrorCode::kNotFound:
      return {3, 404, "not-found"};
    case ErrorCode::kDenied:
      return {4, 403, "denied"};
    case ErrorCode::kTimeout:
      return {5, 504, "timeout"};
    case ErrorCode::kPending:
      return {6, 202, "pending"};
    case ErrorCode::kConflict:
      return {7, 409, "conflict"};
    case ErrorCode::kUnavailable:
      return {8, 503, "unavailable"};
    case ErrorCode::kUnknown:
      return {9, 500, "unknown"};
    case ErrorCode::kIntegrity:
      return {10, 500, "integrity"};
    case ErrorCode::kInterrupted:
      return {130, 499, "interrupted"};
  }
  return {9, 500, "unknown"};
}

}  // namespace

int exit_status(ErrorCode code) { return row(code).exit; }
int http_status(ErrorCode code) { return row(code).http; }
std::string_view name_of(ErrorCode code) { return row(code).name; }

Error& Error::within(std::string what) & {
  frames.push_back(std::move(what));
  return *this;
}

Error Error::within(std::string what) && {
  frames.push_back(std::move(what));
  return std::move(*this);
}

std::string Error::text() const {
  std::string out = message;
  if (frames.empty()) return out;
  std::string separator = " (";
  for (const std::string& frame : frames) {
    out += separator + "while " + frame;
    separator = ", ";
  }
  return out + ")";
}

Error invalid_files(std::vector<Diagnostic> diagnostics) {
  sort_unique(diagnostics);
  std::size_t errors = 0;
  for (const Diagnostic& d : diagnostics) errors += d.severity == Severity::kError ? 1 : 0;
  Error error(ErrorCode::kInvalid, counted(errors, "error"));
  error.diagnostics = std::move(diagnostics);
  return error;
}

}  // namespace pawl

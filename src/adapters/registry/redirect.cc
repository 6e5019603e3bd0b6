#include "adapters/registry/redirect.h"

#include "base/text.h"

namespace pawl::registry {

bool is_redirect(const os::HttpResponse& response) {
  return response.status >= 300 && response.status < 400 && response.status != 304;
}

Result<Url> follow(const Url& from, const os::HttpResponse& response) {
  std::string_view location = response.header("location");
  bool relative = location.starts_with('/') && !location.starts_with("//");
  std::optional<Url> to = parse_url(relative ? from.origin() + std::string(location) : std::string(location));
  bool downgrade = to && from.scheme == "https" && to->scheme != "https";
  if (to && !downgrade) return *to;
  return Error(ErrorCode::kDenied, from.host + " redirects to " + escape_terminal(location.substr(0, 100)));
}

ErrorCode code_of_status(int status) {
  if (status == 404) return ErrorCode::kNotFound;
  return status == 401 || status == 403 ? ErrorCode::kDenied : ErrorCode::kUnavailable;
}

}  // namespace pawl::registry

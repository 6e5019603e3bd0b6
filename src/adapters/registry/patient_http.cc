#include "adapters/registry/patient_http.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "base/text.h"
#include "os/system.h"

namespace pawl::registry {

namespace {

constexpr int kTries = 4;
constexpr int kLongestPause = 30;  // seconds
constexpr std::chrono::minutes kLongestRequest{2};

std::chrono::milliseconds pause_before(int attempt, const os::HttpResponse* response) {
  int seconds = 0;
  if (response != nullptr) {
    std::string_view after = response->header("retry-after");
    std::from_chars(after.data(), after.data() + after.size(), seconds);
  }
  if (seconds > 0) return std::chrono::seconds(std::min(seconds, kLongestPause));
  return std::chrono::milliseconds((200 << attempt) + static_cast<unsigned char>(os::random_bytes(1)[0]));
}

// Sleeps, and wakes for a stop. Errors: kTimeout at once when the pause would outlast the deadline.
Status wait(const Context& context, std::chrono::milliseconds pause) {
  constexpr std::chrono::milliseconds kSlice{50};
  auto end = std::chrono::steady_clock::now() + pause;
  if (end > context.deadline)
    return Error(ErrorCode::kTimeout, "the time allowed is over before it may be asked again");
  for (auto now = std::chrono::steady_clock::now(); now < end; now = std::chrono::steady_clock::now()) {
    PAWL_TRY(context.proceed());
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(end - now, kSlice));
  }
  return context.proceed();
}

}  // namespace

Result<os::HttpResponse> PatientHttp::send(const Context& context, const os::HttpRequest& request) {
  for (int attempt = 0;; ++attempt) {
    Result<os::HttpResponse> response = http_.send(context.within(kLongestRequest), request);
    bool busy = response.ok() && (response->status == 429 || response->status >= 500);
    bool broken = !response.ok() && response.error().code == ErrorCode::kUnavailable;
    if (!busy && !broken) return response;
    Error error = broken ? response.error()
                         : Error(ErrorCode::kUnavailable, parse_url(request.url).value_or(Url()).host + " answers " +
                                                              std::to_string(response->status));
    if (attempt + 1 == kTries) return error;
    PAWL_TRY_WITHIN(wait(context, pause_before(attempt, busy ? &*response : nullptr)),
                    "waiting because " + error.message);
  }
}

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

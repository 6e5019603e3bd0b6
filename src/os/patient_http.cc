#include "os/patient_http.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "os/system.h"

namespace pawl::os {

namespace {

constexpr int kLongestPause = 30;  // seconds

std::chrono::milliseconds pause_before(int attempt, const HttpResponse* response) {
  int seconds = 0;
  if (response != nullptr) {
    std::string_view after = response->header("retry-after");
    std::from_chars(after.data(), after.data() + after.size(), seconds);
  }
  if (seconds > 0) return std::chrono::seconds(std::min(seconds, kLongestPause));
  return std::chrono::milliseconds((200 << attempt) + static_cast<unsigned char>(random_bytes(1)[0]));
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

// As messages name it: without user, port and path.
std::string host_of(const std::string& url) {
  std::size_t scheme = url.find("://");
  std::string host = scheme == std::string::npos ? url : url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host = host.substr(host.find('@') + 1);
  return host.substr(0, host.rfind(':'));
}

}  // namespace

Result<HttpResponse> PatientHttp::send(const Context& context, const HttpRequest& request, Patience patience) {
  for (int attempt = 0;; ++attempt) {
    Result<HttpResponse> response = http_.send(context.within(patience.each), request);
    bool busy = response.ok() && (response->status == 429 || response->status >= 500);
    bool broken = !response.ok() && response.error().code == ErrorCode::kUnavailable;
    if (!busy && !broken) return response;
    Error error =
        broken ? response.error()
               : Error(ErrorCode::kUnavailable, host_of(request.url) + " answers " + std::to_string(response->status));
    if (attempt + 1 >= patience.tries) return error;
    PAWL_TRY_WITHIN(wait(context, pause_before(attempt, busy ? &*response : nullptr)),
                    "waiting because " + error.message);
  }
}

}  // namespace pawl::os

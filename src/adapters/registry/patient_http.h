#pragma once

#include "adapters/registry/url.h"
#include "base/context.h"
#include "base/result.h"
#include "os/http.h"

namespace pawl::registry {

// An HTTP client for servers that are busy (429, 5xx) or break off: it asks again, a bounded number of times, with
// growing pauses and jitter, or as long as Retry-After says; never beyond the context's deadline. Thread-safe.
class PatientHttp {
 public:
  Result<os::HttpResponse> send(const Context& context, const os::HttpRequest& request);

 private:
  os::HttpClient http_;
};

inline constexpr int kMostRedirects = 3;
// Whether an answer sends elsewhere.
bool is_redirect(const os::HttpResponse& response);
// Where a redirect leads. Errors: kDenied for what is no URL, or gives up TLS.
Result<Url> follow(const Url& from, const os::HttpResponse& response);

// What a status other than 200 means.
ErrorCode code_of_status(int status);

}  // namespace pawl::registry

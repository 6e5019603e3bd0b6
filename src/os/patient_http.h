#pragma once

#include <chrono>

#include "base/context.h"
#include "base/result.h"
#include "os/http.h"

namespace pawl::os {

// An HTTP client for servers that are busy (429, 5xx) or break off: it asks again, a bounded number of times, with
// growing pauses and jitter, or as long as Retry-After says; never beyond the context's deadline. Thread-safe.
class PatientHttp {
 public:
  struct Patience {
    int tries = 4;
    std::chrono::milliseconds each = std::chrono::minutes(2);  // for one try
  };
  Result<HttpResponse> send(const Context& context, const HttpRequest& request) {
    return send(context, request, Patience());
  }
  Result<HttpResponse> send(const Context& context, const HttpRequest& request, Patience patience);

 private:
  HttpClient http_;
};

}  // namespace pawl::os

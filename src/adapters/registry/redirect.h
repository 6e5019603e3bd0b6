#pragma once

#include "adapters/registry/url.h"
#include "base/result.h"
#include "os/http.h"

namespace pawl::registry {

inline constexpr int kMostRedirects = 3;
// Whether an answer sends elsewhere.
bool is_redirect(const os::HttpResponse& response);
// Where a redirect leads. Errors: kDenied for what is no URL, or gives up TLS.
Result<Url> follow(const Url& from, const os::HttpResponse& response);

// What a status other than 200 means.
ErrorCode code_of_status(int status);

}  // namespace pawl::registry

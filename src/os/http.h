#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/context.h"
#include "base/limits.h"
#include "base/result.h"

namespace pawl::os {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // http:// or https:// only
  std::vector<HttpHeader> headers;
  std::string body;
  std::size_t max_bytes = limits::kManifestBytes;  // of the answer's body; more is kInvalid
  bool allow_private_addresses =
      true;  // false: refuse loopback, link-local, private and unspecified addresses at dial time
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;  // names in lower case
  std::string body;
  std::string_view header(std::string_view lower_case_name) const;  // the first, or ""
};

// One HTTP exchange over TLS-verified connections. Redirects are never followed here: the caller decides what may go
// to another host. Connections are kept alive between calls. Thread-safe. Honours HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE.
// Errors: kUnavailable (refused, reset, name unknown, TLS), kTimeout (deadline, or slower than 100 bytes/s for 30 s),
// kInvalid (bad URL, body too large, fewer bytes than Content-Length), kInterrupted.
class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  Result<HttpResponse> send(const Context& context, const HttpRequest& request);

 private:
  struct State;
  State* state_;
};

}  // namespace pawl::os

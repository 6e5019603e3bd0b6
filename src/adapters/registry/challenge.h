#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/registry/credentials.h"
#include "adapters/registry/url.h"
#include "base/result.h"
#include "os/http.h"

namespace pawl::registry {

// A WWW-Authenticate header (RFC 7235): its scheme in lower case, its parameters by lower-case name.
struct Challenge {
  std::string scheme;
  std::map<std::string, std::string> parameters;
};
Challenge parse_challenge(std::string_view header);

// The request that buys a pull token for `repository` from the realm that a Bearer challenge of `registry` names. The
// credentials ride along only to a realm that may see them. Errors: kDenied for a realm without TLS (unless both sides
// are loopback), or that is no URL.
Result<os::HttpRequest> token_request(const Challenge& challenge, const Url& registry, const std::string& repository,
                                      const Credentials& credentials);

// The token in a token service's answer. Errors: kDenied.
Result<std::string> read_token(std::string body, const Url& registry);

std::string url_encode(std::string_view text);  // everything but RFC 3986's unreserved characters

}  // namespace pawl::registry

#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"

namespace pawl::registry {

// What this user has for a registry. Never shown: no part of it enters an error, an argument or a log.
struct Credentials {
  std::string user;
  std::string password;
  std::string identity_token;  // for OAuth2; then user and password are ""

  bool empty() const { return password.empty() && identity_token.empty(); }
  std::string basic() const;  // "Basic ...", or "" without a password
};

// Looks for `registry` ("docker.io", "ghcr.io", "127.0.0.1:5000") in config.json of the folder `docker_config`, as the
// docker program does: credHelpers and credsStore ask docker-credential-NAME over its standard input, else auths. Empty
// where there is nothing. Errors: kInvalid for a file that cannot be read, kDenied for a helper that fails.
Result<Credentials> find_credentials(const Context& context, const std::string& docker_config,
                                     const std::string& registry);

}  // namespace pawl::registry

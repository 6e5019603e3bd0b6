#pragma once

#include <compare>
#include <string>

namespace pawl::model {

// Who a request came from, as it was shown: not yet a person (plan/authorize.h says which person an actor is).
struct Actor {
  std::string issuer;   // "key", "local", an OIDC issuer
  std::string subject;  // key id, "local:ada", an OIDC subject
  std::string method;   // "signature", "unauthenticated", "oidc"
  auto operator<=>(const Actor&) const = default;
};

}  // namespace pawl::model

#pragma once

#include <cstdint>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "core/model/callout.h"
#include "core/model/configuration.h"

namespace pawl::ports {

struct CalloutRequest {
  std::string url;  // https, or http on this machine
  model::SecretSource secret;
  std::string body;
  Time now;
  Duration timeout{};         // of one try
  std::uint32_t retries = 0;  // where it is busy (429, 5xx) or breaks off
};

struct CalloutReply {
  std::string body;
  std::string signature;  // its header, which verified
};

// Asks another system. What it sends back is given out only where its signature is an answer's to this very question
// (model::check_answer). Thread-safe. Errors: kUnavailable, kTimeout, kInvalid (no 200, too large), kIntegrity (not
// signed, or by another secret), kNotFound and kDenied (no secret to be had), kInterrupted. None quotes the secret.
class Callout {
 public:
  virtual ~Callout() = default;
  virtual Result<CalloutReply> ask(const Context& context, const CalloutRequest& request) = 0;
};

}  // namespace pawl::ports

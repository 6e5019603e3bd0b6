#pragma once

#include <memory>
#include <string>

#include "ports/callout.h"

namespace pawl::callout {

// Asks over HTTPS, on this machine over HTTP too. Never follows a redirect. Secrets' files that are not absolute lie
// below `root`, and no others may read them; a secret has at least 16 bytes.
std::shared_ptr<ports::Callout> make_callout(std::string root);

}  // namespace pawl::callout

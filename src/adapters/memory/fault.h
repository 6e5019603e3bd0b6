#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"

namespace pawl::memory {

// Asked before every call of a port with the call's name ("store.transact", "blobs.put", "target.apply"). An error that
// it returns is returned by the call, which then does nothing. So a simulator fails any call, or stops the world by
// failing all. An empty one lets everything through.
using Fault = std::function<Status(std::string_view call)>;

inline Status ask(const Fault& fault, std::string_view call) { return fault ? fault(call) : Status(); }

}  // namespace pawl::memory

#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"

namespace pawl::memory {

// Asked before every call of a port with the call's name ("store.transact", "blobs.put", "target.apply"). An error that
// it returns is returned by the call, which then does nothing. So a simulator fails any call, or stops the world by
// failing all. An empty one lets everything through.
using Fault = std::function<Status(std::string_view call)>;

// Asked where a real adapter syncs to disk ("store.sync", "blobs.sync", "target.sync"). False: the disk lies, or the
// adapter forgot. The call goes on as if all was synced, but what it wrote stays volatile: everybody sees it, and a
// crash of the machine loses it unless a later sync of the same thing was honest. An empty one syncs.
using Sync = std::function<bool(std::string_view point)>;

inline bool synced(const Sync& sync, std::string_view point) { return !sync || sync(point); }

inline Status ask(const Fault& fault, std::string_view call) { return fault ? fault(call) : Status(); }

}  // namespace pawl::memory

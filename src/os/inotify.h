#pragma once

#include <sys/inotify.h>

#include <cstddef>
#include <functional>
#include <string>

namespace pawl::os {

// Reads what has come in at `descriptor`, which does not block, event by event; `name` is that of the entry of a
// folder, or "". Ends early where `take` says false. Returns how many events there were.
std::size_t read_events(int descriptor, const std::function<bool(const inotify_event& event, std::string name)>& take);

}  // namespace pawl::os

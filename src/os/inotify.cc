#include "os/inotify.h"

#include <unistd.h>

#include <cstring>
#include <utility>

namespace pawl::os {

std::size_t read_events(int descriptor, const std::function<bool(const inotify_event& event, std::string name)>& take) {
  constexpr std::size_t kBuffer = 64 * 1024;
  alignas(inotify_event) char buffer[kBuffer];
  for (std::size_t events = 0;;) {
    ssize_t count = ::read(descriptor, buffer, sizeof buffer);
    if (count <= 0) return events;
    for (const char* at = buffer; at < buffer + count;) {
      inotify_event event;
      std::memcpy(&event, at, sizeof event);
      std::string name(event.len == 0 ? "" : at + sizeof event);
      at += sizeof event + event.len;
      ++events;
      if (!take(event, std::move(name))) return events;
    }
  }
}

}  // namespace pawl::os

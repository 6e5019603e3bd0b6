#include "os/wait.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <cstdint>
#include <vector>

namespace pawl::os {

bool wait_for(std::initializer_list<int> descriptors, std::chrono::milliseconds most) {
  std::vector<pollfd> all;
  for (int descriptor : descriptors) all.push_back({descriptor, POLLIN, 0});
  return ::poll(all.data(), all.size(), static_cast<int>(most.count())) > 0;  // a signal ends it as well
}

Waker::Waker() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Waker::wake() {
  std::uint64_t one = 1;
  (void)!::write(event_.get(), &one, sizeof one);  // fails only where it has been woken already
}

}  // namespace pawl::os

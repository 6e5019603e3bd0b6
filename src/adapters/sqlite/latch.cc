#include "adapters/sqlite/latch.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

namespace pawl::sqlite {

static_assert(sizeof(std::atomic<int>) == sizeof(int) && std::atomic<int>::is_always_lock_free, "a futex is an int");

void Latch::wait() {
  while (open_.load(std::memory_order_acquire) == 0) {
    ::syscall(SYS_futex, &open_, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
  }
}

void Latch::open() {
  open_.store(1, std::memory_order_release);
  ::syscall(SYS_futex, &open_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace pawl::sqlite

#pragma once

#include <atomic>

namespace pawl::sqlite {

// A door that opens once, for all who wait before it. Waiters sleep at once and are woken by one system call:
// std::atomic::wait() yields the processor many times before it sleeps, which costs dozens of waiters on few
// processors more than the commit that they wait for.
class Latch {
 public:
  void wait();
  void open();

 private:
  std::atomic<int> open_ = 0;
};

}  // namespace pawl::sqlite

#pragma once

#include <chrono>
#include <initializer_list>

#include "os/descriptor.h"

namespace pawl::os {

// Returns once one of `descriptors` can be read, or `most` is over, and whether one can. A negative one never can.
bool wait_for(std::initializer_list<int> descriptors, std::chrono::milliseconds most);

// Ends another thread's wait_for() on its descriptor, and every later one. Thread-safe.
class Waker {
 public:
  Waker();
  void wake();
  int descriptor() const { return event_.get(); }

 private:
  Descriptor event_;
};

}  // namespace pawl::os

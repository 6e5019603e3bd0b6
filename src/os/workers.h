#pragma once

#include <pthread.h>

#include <cstddef>
#include <functional>
#include <vector>

namespace pawl::os {

// Threads beside the caller's, each begun on a processor of its own as far as there are any, and free to be moved from
// then on. A scheduler that is left to choose may keep new threads on the processor of who started them for some
// milliseconds, after which short work is over.
class Workers {
 public:
  // Each calls `work` once. There are fewer of them where the system gives no more.
  Workers(std::size_t count, std::function<void()> work);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();  // waits for all of them

 private:
  static void* run(void* workers);

  std::function<void()> work_;
  cpu_set_t allowed_;  // processors of this process
  std::vector<pthread_t> threads_;
};

}  // namespace pawl::os

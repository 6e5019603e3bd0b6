#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace pawl::sqlite {

// Does `work` soon after it is asked for, on a thread of its own: at once when it has rested for `rest`, else when that
// is over, however often it was asked for meanwhile. What is still asked for at the end is done by the destructor.
class Background {
 public:
  Background(std::function<void()> work, std::chrono::milliseconds rest) : work_(std::move(work)), rest_(rest) {}
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // The first call starts the thread. Thread-safe.
  void ask();

 private:
  void run();

  std::function<void()> work_;
  std::chrono::milliseconds rest_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace pawl::sqlite

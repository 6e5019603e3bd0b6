#include "adapters/sqlite/background.h"

#include <utility>

namespace pawl::sqlite {

Background::~Background() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Background::ask() {
  std::lock_guard lock(mutex_);
  if (std::exchange(asked_, true)) return;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
}

void Background::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return asked_ || ending_; });
    if (!std::exchange(asked_, false)) return;
    lock.unlock();
    work_();
    lock.lock();
    changed_.wait_for(lock, rest_, [this] { return ending_; });
  }
}

}  // namespace pawl::sqlite

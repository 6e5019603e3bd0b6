#include "tests/sim/baton.h"

#include <algorithm>
#include <thread>

namespace pawl::sim {

void Baton::choose() {
  bool any_ready = std::find(runners_.begin(), runners_.end(), Runner::kReady) != runners_.end();
  if (!any_ready) std::replace(runners_.begin(), runners_.end(), Runner::kPaused, Runner::kReady);
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    if (runners_[i] == Runner::kReady) ready.push_back(i);
  }
  if (!ready.empty()) turn_ = chance_.of(ready);
  turn_changed_.notify_all();
}

void Baton::wait(std::unique_lock<std::mutex>& lock, std::size_t self) {
  turn_changed_.wait(lock, [&] { return turn_ == self; });
}

void Baton::hand_on() {
  std::unique_lock lock(mutex_);
  std::size_t self = turn_;
  choose();
  wait(lock, self);
}

void Baton::pause() {
  std::unique_lock lock(mutex_);
  std::size_t self = turn_;
  runners_[self] = Runner::kPaused;
  choose();
  wait(lock, self);
}

void Baton::run(const std::vector<std::function<void()>>& bodies) {
  runners_.assign(bodies.size(), Runner::kReady);
  turn_ = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    threads.emplace_back([this, &bodies, i] {
      {
        std::unique_lock lock(mutex_);
        wait(lock, i);
      }
      bodies[i]();
      std::unique_lock lock(mutex_);
      runners_[i] = Runner::kDone;
      choose();
    });
  }
  for (std::thread& thread : threads) thread.join();
  runners_.clear();
}

}  // namespace pawl::sim

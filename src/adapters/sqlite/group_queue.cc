#include "adapters/sqlite/group_queue.h"

#include <algorithm>
#include <utility>

namespace pawl::sqlite {

namespace {

constexpr std::size_t kMaxJobs = 1'024;
constexpr std::chrono::nanoseconds kMaxGathering = std::chrono::microseconds(500);

}  // namespace

void GroupQueue::submit(Job& job) {
  std::unique_lock lock(mutex_);
  bool leads = open_ == nullptr || open_->jobs.size() >= kMaxJobs;
  if (leads) open_ = std::make_shared<Group>();
  std::shared_ptr<Group> group = open_;
  group->jobs.push_back(&job);
  if (leads) return lead(group, lock);
  bool full = group->jobs.size() == expected_;
  lock.unlock();
  if (full) filled_.notify_all();
  group->done.wait();
}

void GroupQueue::lead(const std::shared_ptr<Group>& group, std::unique_lock<std::mutex>& lock) {
  turn_.wait(lock, [this] { return !running_; });
  running_ = true;
  gather(*group, lock);
  if (open_ == group) open_ = nullptr;
  lock.unlock();

  auto start = std::chrono::steady_clock::now();
  run_(group->jobs);
  auto took = std::chrono::steady_clock::now() - start;

  lock.lock();
  running_ = false;
  last_run_ = took;
  expected_ = group->jobs.size() + (open_ ? open_->jobs.size() : 0);
  lock.unlock();
  turn_.notify_one();
  group->done.open();
}

// Those whom the last group woke come back in a moment. Waiting for them, never longer than that group ran, makes one
// large group of what would be a tiny one now and the rest after it. A lone writer never waits.
void GroupQueue::gather(const Group& group, std::unique_lock<std::mutex>& lock) {
  if (group.jobs.size() >= expected_) return;
  filled_.wait_for(lock, std::min<std::chrono::nanoseconds>(last_run_, kMaxGathering),
                   [&] { return group.jobs.size() >= expected_; });
}

}  // namespace pawl::sqlite

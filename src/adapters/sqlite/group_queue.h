#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "adapters/sqlite/latch.h"
#include "base/context.h"
#include "base/result.h"
#include "ports/store.h"

namespace pawl::sqlite {

// Brings calls that arrive together into groups, one group running at a time: the first caller of a group leads it, the
// others sleep until it is done and are woken all at once.
class GroupQueue {
 public:
  struct Job {
    const Context& context;
    const std::function<Status(ports::Transaction&)>& body;
    Status status = {};
  };
  using RunGroup = std::function<void(std::span<Job* const>)>;  // sets every job's status
  explicit GroupQueue(RunGroup run) : run_(std::move(run)) {}

  // Returns once `job` has run.
  void submit(Job& job);

 private:
  struct Group {
    std::vector<Job*> jobs;
    Latch done;
  };
  void lead(const std::shared_ptr<Group>& group, std::unique_lock<std::mutex>& lock);
  void gather(const Group& group, std::unique_lock<std::mutex>& lock);

  RunGroup run_;
  std::mutex mutex_;
  std::condition_variable turn_;    // the running group is done
  std::condition_variable filled_;  // the gathering group has as many jobs as can be expected
  std::shared_ptr<Group> open_;     // the group that takes jobs
  bool running_ = false;
  std::size_t expected_ = 0;              // callers who were about when the last group ended
  std::chrono::nanoseconds last_run_{0};  // how long it took
};

}  // namespace pawl::sqlite

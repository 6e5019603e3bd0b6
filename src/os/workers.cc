#include "os/workers.h"

#include <sched.h>

#include <algorithm>
#include <utility>

namespace pawl::os {

namespace {

// The processors of `allowed` but the one that this thread runs on, which comes last.
std::vector<std::size_t> others_first(const cpu_set_t& allowed) {
  std::vector<std::size_t> out;
  auto own = static_cast<std::size_t>(std::max(sched_getcpu(), 0));
  for (std::size_t step = 1; step <= CPU_SETSIZE; ++step) {
    std::size_t processor = (own + step) % CPU_SETSIZE;
    if (CPU_ISSET(processor, &allowed)) out.push_back(processor);
  }
  return out;
}

class Attributes {
 public:
  Attributes() { pthread_attr_init(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { pthread_attr_destroy(&attributes_); }

  void begin_on(std::size_t processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    pthread_attr_setaffinity_np(&attributes_, sizeof set, &set);
  }
  const pthread_attr_t* get() const { return &attributes_; }

 private:
  pthread_attr_t attributes_;
};

}  // namespace

Workers::Workers(std::size_t count, std::function<void()> work) : work_(std::move(work)) {
  threads_.reserve(count);
  CPU_ZERO(&allowed_);
  std::vector<std::size_t> processors;
  if (sched_getaffinity(0, sizeof allowed_, &allowed_) == 0) processors = others_first(allowed_);
  for (std::size_t i = 0; i < count; ++i) {
    Attributes attributes;
    if (!processors.empty()) attributes.begin_on(processors[i % processors.size()]);
    pthread_t thread{};
    // A processor may have been taken away meanwhile.
    bool started =
        pthread_create(&thread, attributes.get(), run, this) == 0 || pthread_create(&thread, nullptr, run, this) == 0;
    if (!started) break;
    threads_.push_back(thread);
  }
}

Workers::~Workers() {
  for (pthread_t thread : threads_) pthread_join(thread, nullptr);
}

void* Workers::run(void* workers) {
  auto* self = static_cast<Workers*>(workers);
  if (CPU_COUNT(&self->allowed_) > 0) pthread_setaffinity_np(pthread_self(), sizeof self->allowed_, &self->allowed_);
  self->work_();
  return nullptr;
}

}  // namespace pawl::os

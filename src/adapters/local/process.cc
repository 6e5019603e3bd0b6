#include "adapters/local/process.h"

#include <algorithm>
#include <atomic>

#include "os/file.h"
#include "os/system.h"
#include "os/workers.h"

namespace pawl::local {

namespace {

class SystemClock final : public ports::Clock {
 public:
  Time now() override { return os::wall_clock(); }
};

class ZoneFiles final : public ports::TimeZones {
 public:
  explicit ZoneFiles(std::string folder) : folder_(std::move(folder)) {}
  Result<std::string> read(const std::string& name) override {
    PAWL_ASSIGN(std::string path, os::join_checked(folder_, name));
    Result<std::string> bytes = os::read_file(path);
    if (bytes || bytes.error().code != ErrorCode::kNotFound) return bytes;
    return Error(ErrorCode::kNotFound, "there is no time zone \"" + name + "\" in " + folder_);
  }

 private:
  std::string folder_;
};

class SystemEntropy final : public ports::Entropy {
 public:
  std::string bytes(std::size_t count) override { return os::random_bytes(count); }
};

class ThreadPool final : public ports::Executor {
 public:
  explicit ThreadPool(unsigned threads) : threads_(std::max(1u, threads)) {}

  void for_each(std::size_t count, const std::function<void(std::size_t)>& task) override {
    std::atomic<std::size_t> next{0};
    auto work = [&] {
      for (std::size_t i = next++; i < count; i = next++) task(i);
    };
    os::Workers others(std::min<std::size_t>(threads_, std::max<std::size_t>(count, 1)) - 1, work);
    work();
  }

 private:
  unsigned threads_;
};

}  // namespace

std::shared_ptr<ports::Clock> system_clock() { return std::make_shared<SystemClock>(); }
std::shared_ptr<ports::TimeZones> time_zones(std::string folder) {
  return std::make_shared<ZoneFiles>(std::move(folder));
}
std::shared_ptr<ports::Entropy> system_entropy() { return std::make_shared<SystemEntropy>(); }
std::shared_ptr<ports::Executor> thread_pool(unsigned threads) { return std::make_shared<ThreadPool>(threads); }

}  // namespace pawl::local

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace pawl::cli {

enum class ProgressMode : std::uint8_t { kNone, kLine, kJson };

// What is seen while a verb runs, on standard error. On a terminal one line that is redrawn, from 100 ms on; as JSON a
// line an event: {"format_version":"1.0","type":"version",...} first, then "progress" for every step, at last "end".
// Thread-safe: steps are told of by whoever performs them.
class Progress {
 public:
  Progress(ProgressMode mode, std::string verb, std::string version);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void tell(const std::string& step, const std::string& thing, const std::string& state, const std::string& detail);
  // Nothing is shown after this. `exit` is what the verb will end with.
  void end(int exit);

 private:
  void redraw_until_ended();
  void line(const std::string& json);

  const ProgressMode mode_;
  const std::string verb_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  std::string present_;
  std::thread drawer_;
};

}  // namespace pawl::cli

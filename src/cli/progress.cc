#include "cli/progress.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/terminal.h"
#include "format/json.h"
#include "os/system.h"

namespace pawl::cli {

namespace {

constexpr auto kPatience = std::chrono::milliseconds(100);
constexpr std::string_view kFormatVersion = "1.0";
constexpr std::string_view kEraseLine = "\r\x1b[K";

format::Value event(format::Arena& arena, std::string_view type) {
  format::Value out = format::Value::map();
  out.set(arena, "type", type);
  out.set(arena, "at", render_time(os::wall_clock()));
  return out;
}

}  // namespace

Progress::Progress(ProgressMode mode, std::string verb, std::string version) : mode_(mode), verb_(std::move(verb)) {
  if (mode_ == ProgressMode::kJson) {
    format::Arena arena;
    format::Value first = format::Value::map();
    first.set(arena, "format_version", kFormatVersion);
    first.set(arena, "type", "version");
    first.set(arena, "pawl", version);
    first.set(arena, "verb", verb_);
    line(format::render_json(first));
  }
  if (mode_ == ProgressMode::kLine) drawer_ = std::thread([this] { redraw_until_ended(); });
}

Progress::~Progress() {
  {
    std::lock_guard lock(mutex_);
    done_ = true;
  }
  ended_.notify_all();
  if (drawer_.joinable()) drawer_.join();
}

void Progress::line(const std::string& json) { err(json + "\n"); }

void Progress::tell(const std::string& step, const std::string& thing, const std::string& state,
                    const std::string& detail) {
  std::lock_guard lock(mutex_);
  if (done_) return;
  if (state == "running") present_ = step + " " + thing;
  if (mode_ != ProgressMode::kJson) return;
  format::Arena arena;
  format::Value out = event(arena, "progress");
  out.set(arena, "step", step);
  out.set(arena, "thing", thing);
  out.set(arena, "state", state);
  out.set(arena, "detail", detail);
  line(format::render_json(out));
}

void Progress::end(int exit) {
  {
    std::lock_guard lock(mutex_);
    if (done_) return;
    done_ = true;
  }
  ended_.notify_all();
  if (drawer_.joinable()) drawer_.join();
  if (mode_ != ProgressMode::kJson) return;
  format::Arena arena;
  format::Value out = event(arena, "end");
  out.set(arena, "exit", format::Value::integer(exit));
  line(format::render_json(out));
}

void Progress::redraw_until_ended() {
  std::unique_lock lock(mutex_);
  bool drawn = false;
  while (!ended_.wait_for(lock, kPatience, [this] { return done_; })) {
    auto elapsed = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_);
    std::string what = present_.empty() ? verb_ : verb_ + ": " + present_;
    err(fmt::format("{}{}  {:.1f}s", kEraseLine, escape_terminal(what), static_cast<double>(elapsed.count()) / 1000));
    drawn = true;
  }
  if (drawn) err(kEraseLine);
}

}  // namespace pawl::cli

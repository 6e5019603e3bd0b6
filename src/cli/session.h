#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/context.h"
#include "cli/cli.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "format/value.h"

namespace pawl::cli {

// What is typed once for every verb.
struct Globals {
  std::string store;
  std::string folder;
  std::string output;
  std::string progress;
  std::string timeout;
  std::string sandbox;
  bool no_color = false;
  bool no_input = false;
  bool no_pager = false;
  bool yes = false;
};
std::vector<Slot> slots_of(Globals& globals);

// Text that may take long, and is put together only where it is shown.
class LateText {
 public:
  LateText() = default;
  LateText(std::string text) : make_([text = std::move(text)] { return text; }) {}  // NOLINT: implicit on purpose
  LateText(const char* text) : LateText(std::string(text)) {}                       // NOLINT: the same
  explicit LateText(std::function<std::string()> make) : make_(std::move(make)) {}

  std::string str() const { return make_ ? make_() : std::string(); }

 private:
  std::function<std::string()> make_;
};

// A result in every form that -o can ask for.
struct Shown {
  Pieces text;                             // for people
  LateText names = {};                     // -o name, one a line
  std::vector<std::string> warnings = {};  // part of `value`; beside the other forms, on standard error
  std::function<format::Value(format::Arena&)> value;
};

// One run of one verb: where it runs, how it talks.
class Session {
 public:
  Session(const Host& host, const Globals& globals, Settings settings, std::stop_token stop);

  const Host& host() const { return host_; }
  const Settings& settings() const { return settings_; }
  const Terminal& terminal() const { return terminal_; }
  const Context& context() const { return context_; }
  const Place& place() const { return place_; }
  // Which verb it is, and the words that were typed for it.
  void enter(const Command& command, std::string line);
  // The folder of the nearest pawl.yaml; "" where there is none.
  std::string project() const { return host_.find_project(place_.folder); }
  // Where the file is that somebody named from where they stand.
  std::string path_of(const std::string& given) const;
  void never_page() { pages_ = false; }

  void use_store(const std::string& folder) { place_.store = folder; }
  // From here on progress is shown, until something else is.
  Result<Connection> connect(Needs needs);
  // Asks on a terminal; elsewhere wants --yes. Errors: kUsage where nobody could be asked, kNo where they refused.
  Status confirm(const std::string& question);
  // Prints a result and returns `exit`, or what printing it came to.
  int show(const Shown& shown, int exit = 0);
  // Prints a text that has one form only.
  int say(const Pieces& text, int exit = 0);
  // Prints an error and returns its exit status.
  int fail(const Error& error);
  void end_progress(int exit);

 private:
  ProgressMode progress_mode() const;

  const Host& host_;
  Settings settings_;
  Terminal terminal_;
  Context context_;
  Place place_;
  bool yes_ = false;
  bool may_ask_ = true;
  bool pages_ = true;
  const Command* command_ = nullptr;
  std::string line_;
  std::unique_ptr<Progress> progress_;
};

}  // namespace pawl::cli

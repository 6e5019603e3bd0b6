#pragma once

#include <string>

namespace pawl::ports {

// Something a person watching may want to know while a verb runs. It decides nothing and is kept nowhere.
struct Progress {
  std::string step;   // "apply", "check", "lock"
  std::string thing;  // "layer web", "smoke", "redis:7.4"
  std::string state;  // "running", "done", "failed", "waiting"
  std::string detail;
};

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual void notify(const Progress& progress) = 0;
};

}  // namespace pawl::ports

#pragma once

#include <string>
#include <vector>

#include "api/promotion.h"

namespace pawl::api {

// Automation, once: what waits is driven on, and environments that take releases by themselves take the next one.
struct ServeRequest {
  bool once = false;  // there is no other way yet
  bool dry_run = false;
};
struct ServedView {
  std::string environment;
  std::string answer;  // as a promotion's; "held", "not yet", "would" where none was begun
  std::string reason;  // why nothing was begun
  std::string version;
  std::uint64_t promotion = 0;
};
struct ServeResponse {
  std::vector<ServedView> served;  // environments where there was something to do or to leave, in pipeline order
  std::vector<std::string> notes;
};

}  // namespace pawl::api

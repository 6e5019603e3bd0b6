#pragma once

#include <string>

#include "ports/sources.h"

namespace pawl::sim {

// What the files of the simulated project say. Actors turn the knobs.
struct Setting {
  // Content: from a small choice, so that the same comes again.
  int app = 0;
  int dev_only = 0;
  int production_only = 0;
  bool plain_secret = false;

  // Configuration.
  bool soak = false;          // staging and production want ten minutes upstream
  bool any_upstream = false;  // production takes what staging or qa verified
  bool load_check = false;
  bool moved_target = false;  // production lives elsewhere
  bool approval = false;      // staging and production ask for an approval
  bool people = false;        // ada and grace are known
  bool only_ada = false;      // ... and only ada may promote and apply
  bool rollback_on_failure = false;
};

inline constexpr const char* kEnvironments[] = {"dev", "qa", "staging", "production"};
inline constexpr const char* kImage = "registry.example/app:1";

// The one value that nobody may ever see again: of the Secret that a plain_secret setting holds.
inline constexpr const char* kSecret = "correct-horse-battery-staple";

// The project's files, sorted. `ada` and `grace` are their public keys, PEM.
ports::FileTree files_of(const Setting& setting, const std::string& ada, const std::string& grace);

}  // namespace pawl::sim

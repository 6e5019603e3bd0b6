#pragma once

#include <string>
#include <string_view>

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
  bool window = false;      // production lets in by night, but for one hour of it
  bool exceptions = false;  // where people are known, one of them lets another depart from a policy

  // The folder of policies, which guards dev and production.
  bool policies = false;
  bool strict = false;  // some values of the application are refused
  bool budget = false;  // and changes of everything at once
  bool broken = false;  // no apiserver would take them
};

inline constexpr const char* kEnvironments[] = {"dev", "qa", "staging", "production"};
// What the policies' text has where the setting says so; judges look for nothing else in it.
inline constexpr std::string_view kStrictRule = "% 4 != 3";
inline constexpr std::string_view kBudgetRule = "size() < 3";
inline constexpr std::string_view kBrokenRule = "object.&&";
inline constexpr const char* kValuePolicy = "app-value";
inline constexpr const char* kBudgetPolicy = "budget";
inline constexpr const char* kGuarded = "guarded";  // the label of environments that the policies hold in

inline constexpr const char* kImage = "registry.example/app:1";

// The one value that nobody may ever see again: of the Secret that a plain_secret setting holds.
inline constexpr const char* kSecret = "correct-horse-battery-staple";

// The project's files, sorted. `ada` and `grace` are their public keys, PEM.
ports::FileTree files_of(const Setting& setting, const std::string& ada, const std::string& grace);

}  // namespace pawl::sim

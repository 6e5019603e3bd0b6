#pragma once

#include <string>
#include <string_view>
#include <vector>

// How a guessed project is written down. Only core/model/init.cc includes this.

namespace pawl::model {

struct GuessedLayer {
  std::string name;
  std::string input;  // "kustomize" or "manifests"
  std::string path;
};

struct GuessedProject {
  std::string name;
  std::vector<GuessedLayer> layers;
  std::vector<std::string> environments;  // in usual order
  std::string target;                     // the folder that holds one target for each environment
};

// Whether `name`, or a part of it between dashes, is one that environments usually have.
bool is_usual_environment(std::string_view name);

// Environments that are promoted to together: production-eu and production-us come after staging, not after each other.
std::vector<std::vector<std::string>> stages_of(const std::vector<std::string>& environments);

// "dev -> staging -> production".
std::string in_words(const GuessedProject& project);
// The text of pawl.yaml.
std::string render_project_file(const GuessedProject& project);

}  // namespace pawl::model

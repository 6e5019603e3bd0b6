#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/configuration.h"
#include "core/model/content.h"

namespace pawl::model {

// One promotable system as its files describe it: what decides bytes, and all the rest.
struct Project {
  Content content;
  Configuration configuration;         // but for the files of its policies, which whoever reads them adds
  std::vector<Source> policy_sources;  // by name
  std::vector<Diagnostic> warnings;
};

struct ProjectFile {
  std::string path;  // as the user would name it
  std::string bytes;
};
// Reads a file that the project names (a public key), relative to pawl.yaml.
using ReadReferenced = std::function<Result<std::string>(const std::string& path)>;

// Reads pawl.yaml (kind: Project) and further files of kind Environment. `$(environment)` in targets is already
// replaced. Errors: kInvalid with every error of every file at once: unknown fields (with "did you mean"), duplicate
// keys, wrong types, names, durations, cycles, environments nobody knows, two environments with one target, a quorum
// that cannot be reached without the requester. Warnings (an environment nobody feeds, unused groups) are in
// Project::warnings.
Result<Project> parse_project(std::span<const ProjectFile> files, const ReadReferenced& read);

// JSON Schema (draft-07) of a project file, made from the definitions that parse_project reads by.
std::string project_schema();

// One field of the definitions, for `pawl explain environments.gates.approval`.
struct FieldHelp {
  std::string path;
  std::string type;  // "list of maps", "duration", "string"
  std::string summary;
  std::string example;
  bool required = false;
  std::vector<FieldHelp> fields;        // one level down
  std::vector<std::string> words = {};  // the values (of a map of lists: the keys) that it may have, where they are few
  std::string fallback = {};            // what holds where the field is absent; "" where nothing does
};
// Also takes what messages say: "spec.environments[1].gates". Errors: kNotFound with a "did you mean".
Result<FieldHelp> explain_field(const std::string& path);

}  // namespace pawl::model

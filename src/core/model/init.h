#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/model/names.h"
#include "core/model/project.h"

namespace pawl::model {

// A pawl.yaml for a tree that has none yet, and why it looks as it does.
struct Guess {
  std::string text;                           // a project file that parse_project takes without a change
  std::vector<EnvironmentName> environments;  // in the order of promotion
  std::vector<std::string> reasons;           // sentences for people: what was found and what it was taken for
};

// Looks for what is deployed from the tree, the first of: folders of kustomize overlays, one folder for each
// environment; a kustomization; a folder of plain manifests. `paths` are the tree's files, relative, in any order;
// `read` is asked for few of them. `name` becomes the project's name, made fit where it is none (a folder's name will
// do). The text has no checks, soaks or approvals: those are for people to decide. Errors: kNotFound when nothing of
// the kind is there.
Result<Guess> guess_project(std::span<const std::string> paths, const ReadReferenced& read, std::string_view name);

// `text` made fit for a name: lower case, all else "-"; "project" when nothing is left.
std::string fit_name(std::string_view text);

// Sorts environments as they are usually promoted: dev, test, qa, staging, production and their relatives; unknown
// names stand in front, by alphabet.
void sort_by_usual_order(std::vector<std::string>& environments);

}  // namespace pawl::model

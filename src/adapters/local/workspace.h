#pragma once

#include <memory>
#include <string>

#include "ports/workspace.h"

namespace pawl::local {

// The checkout whose root is `root` (the folder that holds pawl.yaml). Versions are asked of the git program.
std::shared_ptr<ports::Workspace> open_workspace(std::string root);

// The nearest folder, from `start` upwards, that holds pawl.yaml; "" when there is none.
std::string find_root(const std::string& start);

}  // namespace pawl::local

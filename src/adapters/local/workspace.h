#pragma once

#include <memory>
#include <string>

#include "ports/workspace.h"

namespace pawl::local {

// The checkout whose root is `root` (the folder that holds pawl.yaml). Versions are asked of the git program, and
// watched changes of the StampService in `watch_folder`, where that is not "".
std::shared_ptr<ports::Workspace> open_workspace(std::string root, std::string watch_folder = "");

// The nearest folder, from `start` upwards, that holds pawl.yaml; "" when there is none.
std::string find_root(const std::string& start);

}  // namespace pawl::local

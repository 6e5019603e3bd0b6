#pragma once

#include <memory>
#include <string>

#include "ports/target.h"

namespace pawl::directory {

// A folder as a target: PATH/LAYER/KIND.NAME.yaml, one file an object, and PATH/.pawl-receipt.json. A bundle appears in
// one step: it is laid out beside the folder and exchanged with it, so that a reader sees the old one or the new one.
// Files that no bundle put there are kept. Writers are kept apart by a lock file beside the folder.
std::shared_ptr<ports::Target> open_directory(std::string path);

}  // namespace pawl::directory

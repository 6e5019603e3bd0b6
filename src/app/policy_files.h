#pragma once

#include <memory>
#include <string>

#include "engine/policy_files.h"

namespace pawl::app {

// The files of this machine, seen from `folder` ("": the working folder).
Result<std::unique_ptr<engine::PolicyFiles>> local_policy_files(const std::string& folder);

}  // namespace pawl::app

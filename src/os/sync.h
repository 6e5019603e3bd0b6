#pragma once

#include <set>
#include <string>

#include "base/result.h"

namespace pawl::os {

// Syncs files that were written with WriteOptions::durable = false, then the folders that they lie in: of many files at
// once the first sync takes most of the others' data along. After an error nothing is known of any of them: they have
// to be written again. Errors: kUnavailable, naming the path.
Status sync_files(const std::set<std::string>& paths);

}  // namespace pawl::os

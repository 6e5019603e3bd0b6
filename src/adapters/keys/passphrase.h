#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace pawl::keys {

// Where key files' passphrase comes from, the first that is set: the file PAWL_KEY_PASSPHRASE_FILE, the descriptor
// PAWL_KEY_PASSPHRASE_FD, the variable PAWL_KEY_PASSPHRASE. One line end at its end is dropped. nullopt when none is
// set. A descriptor is read up once: keep what was returned. Errors: kUsage, kNotFound, kDenied for a file that others
// may read; never with the passphrase in them.
Result<std::optional<std::string>> read_passphrase();

}  // namespace pawl::keys

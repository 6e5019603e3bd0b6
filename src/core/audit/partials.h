#pragma once

#include <cstdint>

#include "core/audit/log.h"

namespace pawl::audit {

// Checks the narrower partial tiles and entry bundles that lie beside the last ones of a whole log of `size` entries,
// as far as they are there: readers of older checkpoints still use them. Each must be the beginning of the wider one.
// Errors: kIntegrity naming the file.
Status check_partials(const ReadFile& read, std::uint64_t size);

}  // namespace pawl::audit

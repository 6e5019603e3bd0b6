#pragma once

#include "cli/cli.h"

namespace pawl::app {

// The composition root: which adapters serve the embedded default. The only place that names them.
cli::Host make_host();

}  // namespace pawl::app

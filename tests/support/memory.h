#pragma once

// The adapters in memory that tests beside the engine's sources work with.
#include "adapters/memory/cache.h"
#include "adapters/memory/clock.h"
#include "adapters/memory/executor.h"
#include "adapters/memory/workspace.h"

#pragma once

#include <memory>

#include "api/service.h"
#include "engine/world.h"

namespace pawl::engine {

// The Service in this process.
std::shared_ptr<api::Service> make_service(World world);

}  // namespace pawl::engine

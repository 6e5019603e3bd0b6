#pragma once

#include "core/render/files.h"
#include "core/render/schema.h"

namespace pawl::render {

// What every step of one build shares.
struct World {
  format::Arena& arena;
  Files& files;
  Schema schema = {};
};

}  // namespace pawl::render

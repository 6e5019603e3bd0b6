#pragma once

#include <span>

#include "core/model/content.h"
#include "core/render/files.h"
#include "core/render/schema.h"

namespace pawl::render {

// What every step of one build shares.
struct World {
  format::Arena& arena;
  Files& files;
  std::span<const model::Source> sources = {};  // what remote bases stand for (remote.h)
  Schema schema = {};
};

}  // namespace pawl::render

#pragma once

#include <span>

#include "core/model/content.h"
#include "core/render/files.h"
#include "core/render/schema.h"
#include "core/render/shared_value.h"

namespace pawl::render {

class Trace;

// What every step of one build shares.
struct World {
  format::Arena& arena;
  Files& files;
  std::span<const model::Source> sources = {};  // what remote bases stand for (remote.h)
  Trace* trace = nullptr;                       // follows the build, where somebody asked for it (trace.h)
  Schema schema = {};
  SharedValues shared = {};
};

}  // namespace pawl::render

#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/drift/difference.h"

namespace pawl::drift {

// What changes on the way from one state to another when one thing alone is exchanged.
struct Step {
  std::string cause;  // "source"
  std::vector<ObjectChange> changes;
};

// Names the cause of every change: the steps that change the same field or the object as a whole, joined by ", " where
// several do; `otherwise` where none does. n log n in changes.
void attribute(std::vector<ObjectChange>& changes, std::span<const Step> steps, const std::string& otherwise);

}  // namespace pawl::drift

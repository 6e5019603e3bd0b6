#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/model/object.h"
#include "format/value.h"

namespace pawl::drift {

enum class Change : std::uint8_t { kAdded, kRemoved, kChanged };
std::string_view name_of(Change change);  // "added"

// One field that differs. Lists of maps are matched by their merge key (name, containerPort, mountPath ...) where every
// element has it once, else by position.
struct FieldChange {
  std::string path;  // spec.template.spec.containers[web].image
  Change change = Change::kChanged;
  std::string before;  // compact text, at most 200 bytes; "" when added; secrets' values read "(hidden)"
  std::string after;
  std::string cause;  // what made it so ("lock", "source"), where that was asked for (attribute.h)
  auto operator<=>(const FieldChange&) const = default;
};

struct ObjectChange {
  model::ObjectId id;
  std::string layer;
  Change change = Change::kChanged;
  std::vector<FieldChange> fields;  // of a changed object, in path order
  std::string changed_by;           // who made it so, where that is known
  std::string cause;                // of an added or removed object, as of a field
  auto operator<=>(const ObjectChange&) const = default;
};

// One side of a comparison.
struct DriftObject {
  model::ObjectId id;
  std::string layer;
  format::Value object;
};

// The objects of a layer's text (canonical YAML, or what a hand made of it). Errors: kInvalid.
Result<std::vector<DriftObject>> objects_of(format::Arena& arena, std::string_view layer, std::string yaml);

// What turns `before` into `after`: objects matched by identity, sorted by layer and identity. n log n in objects.
std::vector<ObjectChange> difference(std::span<const DriftObject> before, std::span<const DriftObject> after);

}  // namespace pawl::drift

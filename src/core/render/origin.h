#pragma once

#include <optional>
#include <string>

#include "core/render/res_map.h"

namespace pawl::render {

inline constexpr std::string_view kOriginAnnotation = "config.kubernetes.io/origin";
inline constexpr std::string_view kTransformationsAnnotation = "alpha.config.kubernetes.io/transformations";

// Where an object came from, or what changed it, as `buildMetadata` has it annotated.
struct ObjectOrigin {
  std::string path = {};           // of the file it stands in
  std::string configured_in = {};  // of the file that has it generated or transformed
  std::string api_version = {};    // of what did so, and so on
  std::string kind = {};
  std::string name = {};
  std::string space = {};

  // This with `more` joined to its path.
  ObjectOrigin joined(std::string_view more) const;
  std::string yaml() const;
};

// The origin that an object's annotation says. Errors: kInvalid for one that is no origin.
Result<std::optional<ObjectOrigin>> origin_of(format::Arena& arena, const format::Value& object);
// What an object that configures a generator or transformer leaves on what it makes or changes.
Result<std::optional<ObjectOrigin>> origin_by(format::Arena& arena, const format::Value& config);

// Annotates what has no origin yet.
void note_generated(format::Arena& arena, Item& item, const ObjectOrigin& by);
// Adds to an object's transformations, or gives it an origin where it has none.
Status note_transformed(format::Arena& arena, std::vector<Item>& items, const ObjectOrigin& by);

}  // namespace pawl::render

#pragma once

#include <map>
#include <optional>
#include <string>

#include "tests/sim/sight.h"

namespace pawl::sim {

// The texts of a bundle's layers by name; nullopt when one of them, or the bundle, is not there.
std::optional<std::map<std::string, std::string>> layers_of(const Sight& sight, const Digest& digest);
// The bundle's objects by kind and name, "ConfigMap/app", as their text; none when a part of it is not there.
std::map<std::string, std::string> objects_of(const Sight& sight, const Digest& digest);
// What follows `start` up to the line's end; "" where no line starts so.
std::string rest_of_line(const std::string& text, const std::string& start);

}  // namespace pawl::sim

#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/limits.h"
#include "ports/charts.h"

namespace pawl::helm {

enum class Sandbox : std::uint8_t { kNamespaces, kNone };

struct Config {
  std::string program;  // a path, or a name to be looked up in `path`
  std::string path;     // folders, separated by ":"
  Sandbox sandbox = Sandbox::kNamespaces;
  std::string temporary;  // where private folders are made
  std::chrono::seconds timeout{60};
  std::size_t max_output = limits::kDocumentBytes;
  std::uint64_t max_memory = 4ull << 30;  // of address space, of which the program alone reserves one and a half GiB
};

// `program` is looked up in PATH; private folders are made in TMPDIR.
Config config_from_environment(const std::string& program, Sandbox sandbox);

// Runs the helm program (3 or 4): argv only, an environment of its own, the chart in a fresh folder that is its whole
// file system, no network and no cluster; bounded in time, memory and output.
std::shared_ptr<ports::Charts> make_charts(Config config);

}  // namespace pawl::helm

#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ports/sources.h"
#include "ports/workspace.h"

namespace pawl::registry {

// How registries are reached on this machine. None of it enters a lock.
struct Config {
  std::map<std::string, std::vector<std::string>> mirrors;  // registry -> URLs or oci:FOLDER, tried in order before it
  std::string docker_config;                                // folder of config.json; "" for none
  std::string git_cache;                                    // folder of private clones; "" for none that stays
};

// `mirrors` as PAWL_REGISTRY_MIRRORS says them ("ghcr.io=http://127.0.0.1:5000,docker.io=oci:/srv/images"), and
// DOCKER_CONFIG (~/.docker); clones lie in this user's cache folder.
Config config_from_environment(std::string_view mirrors);

// Resolves and fetches images, artifacts and charts over the OCI distribution API, charts of HTTP repositories, Git
// repositories through the git program, and local files through `workspace` (may be null). Plain http is spoken to
// registries on loopback addresses, and to mirrors and chart repositories that say so, to nobody else.
std::shared_ptr<ports::SourceReader> make_source_reader(Config config, std::shared_ptr<ports::Workspace> workspace);

}  // namespace pawl::registry

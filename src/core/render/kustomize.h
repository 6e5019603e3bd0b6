#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/content.h"
#include "core/render/files.h"
#include "format/value.h"

namespace pawl::render {

// One rendered object and the file it came from, for messages and --explain.
struct Resource {
  format::Value object;
  std::string file;
  std::uint32_t place = 0;  // among the objects of its file, from 1; 0 where nothing follows the rendering
};

class Trace;

// Builds the kustomization in `folder` as `kustomize build` does (order included). Nothing but `files` is read; plugins
// that execute, paths out of the root, and remote bases that no source of `sources` stands for are errors that name
// file and line. Errors: kInvalid with diagnostics.
Result<std::vector<Resource>> build_kustomization(format::Arena& arena, Files& files, const std::string& folder,
                                                  std::span<const model::Source> sources = {}, Trace* trace = nullptr);

// As above for a kustomization that stands in memory (a layer's inline fields) as if it were a file in `folder`;
// `resources` are put in front of what its own fields load. `origin` names it in messages.
Result<std::vector<Resource>> build_inline(format::Arena& arena, Files& files, const std::string& folder,
                                           const format::Value& kustomization, std::vector<Resource> resources,
                                           const std::string& origin, std::span<const model::Source> sources = {},
                                           Trace* trace = nullptr);

// Every object of a folder's (*.yaml, *.yml, *.json, by path) or a file's manifests, List kinds unpacked.
Result<std::vector<Resource>> load_manifests(format::Arena& arena, Files& files, const std::string& path,
                                             Trace* trace = nullptr);

}  // namespace pawl::render

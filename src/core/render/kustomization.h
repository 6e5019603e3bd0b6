#pragma once

#include <string>

#include "core/render/files.h"
#include "core/render/kustomize.h"

namespace pawl::render {

// A kustomization file, read and brought to its present form.
struct Kustomization {
  format::Value root;  // a map of known fields
  std::string file;    // where it stands
  std::string folder;  // what its paths are relative to
  bool component = false;
};

// Finds and reads the kustomization of `folder`. Errors: kNotFound; kInvalid for unknown fields, for what Pawl does not
// render (each named with its line), for several files of the name.
Result<Kustomization> load_kustomization(format::Arena& arena, Files& files, const std::string& folder);
// As above for one that stands in memory.
Result<Kustomization> check_kustomization(format::Arena& arena, const format::Value& root, const std::string& file,
                                          const std::string& folder);

// Whether a resource entry names something remote: a URL, a Git reference.
bool is_remote(std::string_view entry);

// An error at a value of a kustomization.
Error error_at(const Kustomization& kustomization, const format::Value& value, std::string summary,
               std::string help = {});

}  // namespace pawl::render

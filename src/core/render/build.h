#pragma once

#include <string>
#include <vector>

#include "core/render/generate.h"
#include "core/render/kustomization.h"
#include "core/render/patch.h"
#include "core/render/transform.h"

namespace pawl::render {

// Runs kustomizations: resources, generators, components, transformers, in kustomize's order. One Builder serves one
// build; the folders it is inside of are its stack, so that circles are found.
class Builder {
 public:
  Builder(format::Arena& arena, Files& files) : arena_(arena), files_(files) {}

  // What the kustomization in `folder` makes of `items` (for a component) or of nothing.
  Status run_folder(const std::string& folder, bool as_component, Items& items);
  Status run(const Kustomization& kustomization, Items& items);
  // What is done once, at the end of a whole build: hashes, references, order, local objects.
  Status finish(const Kustomization& kustomization, Items& items);

 private:
  Status add_resources(const Kustomization& k, Items& items);
  Status add_resource(const Kustomization& k, const format::Value& entry, Items& items);
  Status add_generated(const Kustomization& k, Items& items);
  Status add_components(const Kustomization& k, Items& items);
  Status transform(const Kustomization& k, Items& items);
  Status label(const Kustomization& k, Items& items);
  Status patch(const Kustomization& k, Items& items);
  Status patch_entry(const Kustomization& k, const format::Value& entry, Items& items);
  Status patch_merge(const Kustomization& k, const format::Value& at, const format::Value& patch, Items& items);
  Status patch_matching(const Kustomization& k, const format::Value& entry, const std::vector<format::Value>& patches,
                        Items& items);
  Status patch_json_entry(const Kustomization& k, const format::Value& entry, Items& items);
  Status run_transformer_files(const Kustomization& k, Items& items);
  Status run_transformer(const Kustomization& k, const format::Value& at, const format::Value& config, Items& items);
  // The documents of an entry that is YAML itself or the path of a file.
  Result<std::vector<format::Value>> documents(const Kustomization& k, const format::Value& at, std::string_view text,
                                               bool inline_text);

  format::Arena& arena_;
  Files& files_;
  std::vector<std::string> stack_;
};

// The objects of a manifest file's documents; List kinds are unpacked.
Result<Items> items_of(const std::vector<format::Value>& documents, const std::string& file);

}  // namespace pawl::render

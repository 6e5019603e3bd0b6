#pragma once

#include <string>
#include <vector>

#include "core/render/accumulator.h"
#include "core/render/kustomization.h"
#include "core/render/origin.h"
#include "core/render/transform.h"
#include "core/render/world.h"

namespace pawl::render {

// Runs kustomizations: resources, generators, components, transformers, validators, in kustomize's order. One Builder
// serves one build; the folders it is inside of are its stack, so that circles are found.
class Builder {
 public:
  explicit Builder(World& world) : world_(world) {}

  // What the kustomization makes of itself, on top of what `into` holds already.
  Status run(const Kustomization& kustomization, Accumulator& into);
  // What is done once, at the end of a whole build: hashes, references, variables, order. The objects become data.
  Status finish(const Kustomization& kustomization, Accumulator& all);
  // Takes up the kustomization that a build begins with.
  Status begin(const Kustomization& kustomization);

 private:
  Status add_paths(const Kustomization& k, std::span<const Text> paths, Accumulator& into);
  Status add_path(const Kustomization& k, const Text& entry, Accumulator& into);
  // Where an entry leads: beside the kustomization, or into the files of a source that stands for something remote.
  Result<std::string> path_of(const Kustomization& k, std::string_view entry) const;
  Status add_folder(const std::string& folder, bool component, Accumulator& into);
  Status add_file(const std::string& path, std::string_view bytes, std::string_view written, Accumulator& into);
  Status read_configuration(const Kustomization& k, Accumulator& into);
  Status use_schema(const Kustomization& k);

  Status generate(const Kustomization& k, Accumulator& into);
  Status absorb_generated(std::vector<Item> items, const std::optional<ObjectOrigin>& by, Accumulator& into);
  void note_taken_over(const Item& generated, ResMap& map);
  Status add_components(const Kustomization& k, Accumulator& into);
  // The objects that configure generators, transformers or validators: inline, in files, or what a folder builds.
  Result<std::vector<Item>> load_plugins(const Kustomization& k, std::span<const Text> entries);

  Status transform(const Kustomization& k, Accumulator& into);
  Status patch(const Kustomization& k, ResMap& map);
  Status patch_entry(const Kustomization& k, const Placed<Patch>& entry, ResMap& map);
  Status patch_json_entry(const Kustomization& k, const Placed<Patch>& entry, ResMap& map);
  Status rename(const Kustomization& k, const FieldConfig& config, ResMap& map);
  Status label(const Kustomization& k, const FieldConfig& config, ResMap& map);
  static Result<FieldSpecs> label_specs(const Label& label, const FieldConfig& config);
  // Takes a change up; it is made with others, before anything that looks for objects.
  Status change(const Kustomization& k, std::string_view transformer, ItemChange one, ResMap& map);
  Status make_changes(const Kustomization& k, ResMap& map);
  Status change_values(const Kustomization& k, const FieldConfig& config, ResMap& map);
  Status run_plugins(const Kustomization& k, ResMap& map);
  Status validate(const Kustomization& k, ResMap& map);

  // Notes that a builtin transformer has run, where the build annotates that, and drops what it emptied.
  Status done(const Kustomization& k, std::string_view transformer, ResMap& map);
  Result<std::string_view> read_file(const Kustomization& k, const Text& entry);
  ObjectOrigin builtin_origin(const Kustomization& k, std::string_view kind) const;
  void clean(const Kustomization& k, Item& item);

  World& world_;
  std::vector<std::string> stack_;
  bool schema_fixed_ = false;           // the first schema that a build names is used throughout
  std::vector<ItemChange> waiting_;     // for make_changes()
  std::optional<ObjectOrigin> origin_;  // of what is loaded now, where the build annotates it
};

}  // namespace pawl::render

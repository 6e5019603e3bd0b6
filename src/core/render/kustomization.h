#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/render/files.h"
#include "core/render/types.h"

namespace pawl::render {

// A kustomization, read and brought to its present form.
struct Kustomization {
  std::string_view api_version;
  std::string_view kind;
  std::optional<ObjectMeta> metadata;
  std::optional<Pairs> openapi;
  std::string_view name_prefix;
  std::string_view name_suffix;
  std::string_view space;
  Pairs common_labels;
  std::vector<Label> labels;
  Pairs common_annotations;
  std::vector<Text> strategic_patches;
  std::vector<Placed<Patch>> json_patches;
  std::vector<Placed<Patch>> patches;
  std::vector<Image> images;
  std::vector<Image> image_tags;
  std::vector<Replacement> replacements;
  std::vector<Placed<Replica>> replicas;
  std::vector<Variable> variables;
  std::optional<SortOptions> sort;
  std::vector<Text> resources;
  std::vector<Text> components;
  std::vector<Text> crds;
  std::vector<Text> bases;
  std::vector<Placed<GeneratorArgs>> config_maps;
  std::vector<Placed<SecretArgs>> secrets;
  std::optional<GeneratorOptions> generator_options;
  std::vector<Text> configurations;
  std::vector<Text> generators;
  std::vector<Text> transformers;
  std::vector<Text> validators;
  std::vector<std::string_view> build_metadata;

  std::string file;    // where it stands
  std::string folder;  // what its paths are relative to
  bool component = false;

  bool builds(std::string_view option) const;  // whether buildMetadata lists it
};

// Finds and reads the kustomization of `folder`. Errors: kNotFound; kInvalid for unknown fields, for what is never
// rendered (each named with its line), for several files of the name.
Result<Kustomization> load_kustomization(format::Arena& arena, Files& files, const std::string& folder);
// As above for one that stands in memory, as a tree of text.
Result<Kustomization> read_kustomization(const format::Value& root, const std::string& file, const std::string& folder);

// Whether a path names something remote: a URL, a Git reference.
bool is_remote(std::string_view path);

// An error at a place of a kustomization; an error that has a place already keeps it.
Error error_at(const Kustomization& kustomization, Position at, std::string summary, std::string help = {});
Error placed(const Kustomization& kustomization, Position at, Error error);

}  // namespace pawl::render

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/lock.h"
#include "core/model/release.h"
#include "format/file_tree.h"
#include "format/value.h"

namespace pawl::bundle {

// One layer as rendering hands it over: objects in kustomize's order, with the files they came from.
struct LayerInput {
  model::LayerName name;
  model::Tier tier = model::Tier::kApplication;
  std::vector<model::LayerName> depends_on;
  struct Object {
    format::Value object;
    std::string file;
    std::uint32_t place = 0;  // as render::Resource has it
  };
  std::vector<Object> objects;
};

// Bytes to be stored, with what they are.
struct Blob {
  model::Descriptor descriptor;
  std::string bytes;
};

struct BuiltBundle {
  model::Bundle bundle;
  model::Inventory inventory;
  std::vector<Blob> blobs;  // layer blobs, then the inventory, then the manifest
  const Blob& manifest() const { return blobs.back(); }
};

// The layers as they will be written: images pinned, plain secrets refused, objects in apply order. Errors: as
// build_bundle's.
Result<std::vector<LayerInput>> settle(format::Arena& arena, std::vector<LayerInput> layers, const model::Lock& lock);

// Pins images, refuses plain secrets, puts objects into apply order and writes canonical YAML: a function of its
// arguments. Errors: kInvalid, kDenied: every unlocked image and every plain secret at once; an object twice; nested
// Lists; an object without apiVersion, kind or name, or with a name that cannot be a file name.
Result<BuiltBundle> build_bundle(const model::ProjectName& project, const model::EnvironmentName& environment,
                                 std::vector<LayerInput> layers, const model::Lock& lock);

// As kustomize's legacy order: what others need comes first (Namespace, CRD, ... webhooks last), then ObjectId.
void put_in_apply_order(std::vector<LayerInput::Object>& objects);

// A bundle made of layers of bundles of one environment; names its parents. `from` gives every layer's bundle.
struct LayerChoice {
  model::BundleLayer layer;
  crypto::Digest bundle;
};
Result<BuiltBundle> assemble_bundle(const model::ProjectName& project, const model::EnvironmentName& environment,
                                    const std::vector<LayerChoice>& layers,
                                    const std::map<crypto::Digest, model::Inventory>& inventories);

// A snapshot's blobs: files tar, config, manifest (last).
struct BuiltSnapshot {
  std::vector<Blob> blobs;
  const Blob& manifest() const { return blobs.back(); }
};
BuiltSnapshot build_snapshot(const model::Content& content, const model::Lock& lock, const format::FileTree& files);

}  // namespace pawl::bundle

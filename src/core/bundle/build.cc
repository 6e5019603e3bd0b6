#include "core/bundle/build.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/bundle/images.h"
#include "core/bundle/inventory.h"
#include "core/bundle/secrets.h"
#include "format/tar.h"
#include "format/yaml.h"

namespace pawl::bundle {

using format::Value;

namespace {

Blob make_blob(std::string_view media_type, std::string bytes) {
  model::Descriptor descriptor = model::describe(media_type, bytes);
  return {std::move(descriptor), std::move(bytes)};
}

// A name or namespace that could not be part of a path: object names end in file names of targets.
bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > 253 || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == ':';
  });
}

// Collects everything that is wrong, so that all of it is said at once.
class Judge {
 public:
  void look_at(const Value& object, const std::string& file) {
    model::ObjectId id = model::object_id(object);
    auto wrong = [&](std::string_view code, std::string summary, std::string help = {}) {
      diagnostics_.push_back({.file = file,
                              .at = object.at(),
                              .code = std::string(code),
                              .summary = std::move(summary),
                              .help = std::move(help)});
    };
    if (!object.is_map() || id.api_version.empty() || id.kind.empty())
      return wrong("object", "an object without apiVersion or kind");
    bool is_list = id.kind.ends_with("List") && object.find("items") != nullptr;
    if (is_list) return wrong("nested-list", id.kind + " inside a layer", "its items must stand on their own");
    bool safe = is_safe_name(id.name) && (id.space.empty() || is_safe_name(id.space)) && is_safe_name(id.kind);
    if (!safe)
      return wrong("object-name", "\"" + escape_terminal(id.str().substr(0, 200)) + "\" cannot name an object");
    if (!seen_.insert(id).second)
      wrong("object-twice", id.str() + " (" + id.api_version + ") stands twice",
            "an object belongs to one layer, once");
  }
  void note(const Status& status, const Value& object, const std::string& file) {
    if (status) return;
    const Error& error = status.error();
    denied_ |= error.code == ErrorCode::kDenied;
    if (error.diagnostics.empty()) {
      diagnostics_.push_back({.file = file,
                              .at = object.at(),
                              .code = std::string(name_of(error.code)),
                              .summary = error.message,
                              .help = error.hint});
    }
    diagnostics_.insert(diagnostics_.end(), error.diagnostics.begin(), error.diagnostics.end());
  }
  Status verdict() {
    if (diagnostics_.empty()) return {};
    Error error = invalid_files(std::move(diagnostics_));
    if (denied_) error.code = ErrorCode::kDenied;
    return error;
  }

 private:
  std::vector<Diagnostic> diagnostics_;
  std::set<model::ObjectId> seen_;
  bool denied_ = false;
};

struct WrittenLayer {
  model::BundleLayer layer;
  Blob blob;
};

WrittenLayer write_layer(const LayerInput& input, model::Inventory& inventory) {
  std::string yaml;
  for (const LayerInput::Object& object : input.objects) {
    if (!yaml.empty()) yaml += "---\n";
    std::size_t start = yaml.size();
    format::render_yaml(object.object, yaml);
    take_stock(inventory, input.name, object.object, crypto::sha256(std::string_view(yaml).substr(start)));
  }
  Blob blob = make_blob(model::kLayerType, std::move(yaml));
  model::BundleLayer layer{input.name, input.tier, input.depends_on, blob.descriptor, input.objects.size()};
  return {std::move(layer), std::move(blob)};
}

BuiltBundle finish_bundle(BuiltBundle out) {
  finish(out.inventory);
  out.blobs.push_back(make_blob(model::kInventoryType, model::encode_inventory(out.inventory)));
  out.bundle.inventory = out.blobs.back().descriptor;
  out.blobs.push_back(make_blob(model::kManifestType, model::encode_bundle(out.bundle)));
  return out;
}

}  // namespace

Result<std::vector<LayerInput>> settle(format::Arena& arena, std::vector<LayerInput> layers, const model::Lock& lock) {
  Judge judge;
  Pins pins(lock);
  for (LayerInput& layer : layers) {
    for (LayerInput::Object& object : layer.objects) {
      // Pinning writes into the object: a copy leaves the caller's rendering as it was.
      object.object = object.object.clone(arena);
      judge.look_at(object.object, object.file);
      judge.note(check_secret(object.object, object.file), object.object, object.file);
      judge.note(pin_images(arena, object.object, pins, object.file), object.object, object.file);
    }
    put_in_apply_order(layer.objects);
  }
  PAWL_TRY(judge.verdict());
  return layers;
}

Result<BuiltBundle> build_bundle(const model::ProjectName& project, const model::EnvironmentName& environment,
                                 std::vector<LayerInput> layers, const model::Lock& lock) {
  format::Arena arena;
  PAWL_ASSIGN(layers, settle(arena, std::move(layers), lock));
  BuiltBundle out{model::Bundle{project, environment, {}, model::describe(model::kInventoryType, ""), {}}, {}, {}};
  for (const LayerInput& layer : layers) {
    WrittenLayer written = write_layer(layer, out.inventory);
    out.bundle.layers.push_back(std::move(written.layer));
    out.blobs.push_back(std::move(written.blob));
  }
  return finish_bundle(std::move(out));
}

Result<BuiltBundle> assemble_bundle(const model::ProjectName& project, const model::EnvironmentName& environment,
                                    const std::vector<LayerChoice>& layers,
                                    const std::map<crypto::Digest, model::Inventory>& inventories) {
  BuiltBundle out{model::Bundle{project, environment, {}, model::describe(model::kInventoryType, ""), {}}, {}, {}};
  std::set<crypto::Digest> parents;
  std::map<std::string, crypto::Digest> owners;  // object -> the bundle that its layer is taken from
  for (const LayerChoice& choice : layers) {
    out.bundle.layers.push_back(choice.layer);
    parents.insert(choice.bundle);
    auto inventory = inventories.find(choice.bundle);
    check(inventory != inventories.end(), "every chosen layer's bundle has its inventory here");
    for (const model::InventoryObject& object : inventory->second.objects) {
      if (object.layer != choice.layer.name) continue;
      if (!owners.emplace(object.id.str(), choice.bundle).second) {
        return Error(ErrorCode::kConflict, object.id.str() + " would be in two layers", "promote the whole release");
      }
      out.inventory.objects.push_back(object);
    }
  }
  for (const auto& [digest, inventory] : inventories) {
    // An object may be in both bundles; what is said of it counts where its layer comes from.
    auto is_taken = [&](const std::string& object) {
      auto owner = owners.find(object);
      return owner != owners.end() && owner->second == digest;
    };
    for (const model::InventoryImage& image : inventory.images) {
      model::InventoryImage kept{image.reference, {}};
      std::copy_if(image.used_by.begin(), image.used_by.end(), std::back_inserter(kept.used_by), is_taken);
      if (!kept.used_by.empty()) out.inventory.images.push_back(std::move(kept));
    }
    auto take = [&](const auto& from, auto& to) {
      std::copy_if(from.begin(), from.end(), std::back_inserter(to),
                   [&](const auto& fact) { return is_taken(fact.object); });
    };
    take(inventory.config, out.inventory.config);
    take(inventory.environment, out.inventory.environment);
    take(inventory.secrets, out.inventory.secrets);
  }
  out.bundle.parents.assign(parents.begin(), parents.end());
  return finish_bundle(std::move(out));
}

BuiltSnapshot build_snapshot(const model::Content& content, const model::Lock& lock, const format::FileTree& files) {
  model::Snapshot snapshot{content, lock, {}, std::string(model::kRendererVersion)};
  for (const format::TreeFile& file : files) {
    snapshot.files.push_back({file.path, crypto::sha256(file.bytes), file.bytes.size(), file.executable});
  }
  BuiltSnapshot out;
  out.blobs.push_back(make_blob(model::kFilesType, format::write_tar(files)));
  out.blobs.push_back(make_blob(model::kSnapshotArtifact, model::encode_snapshot(snapshot)));
  std::string manifest = model::encode_snapshot_manifest(out.blobs[1].descriptor, out.blobs[0].descriptor);
  out.blobs.push_back(make_blob(model::kManifestType, std::move(manifest)));
  return out;
}

}  // namespace pawl::bundle

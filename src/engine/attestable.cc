#include "engine/attestable.h"

#include "engine/facts.h"

namespace pawl::engine {

namespace {

// A manifest of the store, as referrers name it.
Result<model::Descriptor> stored(World& world, const Context& context, std::string_view type,
                                 const crypto::Digest& digest) {
  PAWL_ASSIGN(std::string bytes, world.blobs->get(context, digest));
  return model::describe(type, bytes);
}

// An image stays in its registry, so that its size is only known where it was vendored.
Result<model::Descriptor> image(World& world, const Context& context, const model::LockedImage& locked) {
  PAWL_ASSIGN(bool here, world.blobs->has(context, locked.digest));
  if (here) return stored(world, context, locked.media_type, locked.digest);
  return model::Descriptor{locked.media_type, locked.digest, 0, {}, {}};
}

}  // namespace

Result<std::vector<Attestable>> attestables(World& world, const Context& context, const plan::ReleaseState& release) {
  const std::string& version = release.versions.back();
  std::vector<Attestable> out;
  PAWL_ASSIGN(model::Descriptor itself, stored(world, context, model::kIndexType, release.release));
  out.push_back({plan::GateSubject::kRelease, version, std::move(itself)});
  PAWL_ASSIGN(model::Release document, read_release(world, context, release.release));
  out.push_back({plan::GateSubject::kSnapshot, version, document.snapshot});
  for (const model::ReleaseBundle& one : document.bundles)
    out.push_back({plan::GateSubject::kBundle, one.environment.str() + "/" + version, one.bundle});
  PAWL_ASSIGN(model::Snapshot snapshot, read_snapshot(world, context, release.snapshot));
  for (const model::LockedImage& locked : snapshot.lock.images) {
    PAWL_ASSIGN(model::Descriptor described, image(world, context, locked));
    out.push_back({plan::GateSubject::kImage, locked.reference, std::move(described)});
  }
  return out;
}

Result<std::map<crypto::Digest, std::string>> images_of(World& world, const Context& context,
                                                        const crypto::Digest& bundle) {
  PAWL_ASSIGN(model::Bundle document, read_bundle(world, context, bundle));
  PAWL_ASSIGN(model::Inventory inventory, read_inventory(world, context, document));
  return images_in(inventory);
}

Result<std::map<crypto::Digest, std::string>> images_in(const model::Inventory& inventory) {
  std::map<crypto::Digest, std::string> out;
  for (const model::InventoryImage& image : inventory.images) {
    std::size_t at = image.reference.rfind('@');
    if (at == std::string::npos)
      return Error(ErrorCode::kIntegrity, "the inventory names an image without its digest: " + image.reference);
    PAWL_ASSIGN(crypto::Digest digest, crypto::Digest::parse(image.reference.substr(at + 1)));
    out.emplace(digest, image.reference.substr(0, at));
  }
  return out;
}

}  // namespace pawl::engine

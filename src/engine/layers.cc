#include "engine/layers.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/bundle/build.h"
#include "engine/facts.h"

namespace pawl::engine {

namespace {

const model::BundleLayer* find_layer(const model::Bundle& bundle, const model::LayerName& name) {
  auto found = std::find_if(bundle.layers.begin(), bundle.layers.end(), [&](const auto& l) { return l.name == name; });
  return found == bundle.layers.end() ? nullptr : &*found;
}

bool same_bytes(const model::BundleLayer* a, const model::BundleLayer* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->blob.digest == b->blob.digest;
}

struct Part {
  crypto::Digest digest;
  model::Bundle bundle;
};

// The head's layers in their order, those that are wanted as the other bundle has them; what only that one has, last.
std::vector<bundle::LayerChoice> choose_layers(const Part& head, const Part& other,
                                               const std::vector<model::LayerName>& layers) {
  std::vector<bundle::LayerChoice> choices;
  auto wanted = [&](const model::LayerName& name) {
    return std::find(layers.begin(), layers.end(), name) != layers.end();
  };
  for (const model::BundleLayer& layer : head.bundle.layers) {
    const model::BundleLayer* fresh = wanted(layer.name) ? find_layer(other.bundle, layer.name) : nullptr;
    bool replace = fresh != nullptr && !same_bytes(fresh, &layer);
    choices.push_back(replace ? bundle::LayerChoice{*fresh, other.digest} : bundle::LayerChoice{layer, head.digest});
  }
  for (const model::BundleLayer& layer : other.bundle.layers) {
    if (wanted(layer.name) && find_layer(head.bundle, layer.name) == nullptr) choices.push_back({layer, other.digest});
  }
  return choices;
}

Result<Part> read_part(World& world, const Context& context, const crypto::Digest& digest) {
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, digest));
  return Part{digest, std::move(bundle)};
}

}  // namespace

Result<crypto::Digest> assemble(World& world, const Context& context, const crypto::Digest& head_digest,
                                const crypto::Digest& other_digest, const std::vector<model::LayerName>& layers) {
  PAWL_ASSIGN(Part head, read_part(world, context, head_digest));
  PAWL_ASSIGN(Part other, read_part(world, context, other_digest));
  for (const model::LayerName& name : layers) {
    if (find_layer(other.bundle, name) == nullptr) {
      return Error(ErrorCode::kNotFound,
                   "there is no layer \"" + name.str() + "\" in the bundle to take it from, " + other_digest.brief());
    }
  }
  std::vector<bundle::LayerChoice> choices = choose_layers(head, other, layers);
  bool changes = std::any_of(choices.begin(), choices.end(), [&](const auto& c) { return c.bundle != head_digest; });
  if (!changes) return head_digest;
  std::map<crypto::Digest, model::Inventory> inventories;
  for (const Part* part : {&head, &other}) {
    PAWL_ASSIGN(model::Inventory inventory, read_inventory(world, context, part->bundle));
    inventories.emplace(part->digest, std::move(inventory));
  }
  PAWL_ASSIGN(bundle::BuiltBundle built,
              bundle::assemble_bundle(head.bundle.project, head.bundle.environment, choices, inventories));
  for (const bundle::Blob& blob : built.blobs)
    PAWL_TRY(world.blobs->put(context, blob.descriptor.media_type, blob.bytes));
  return built.manifest().descriptor.digest;
}

Result<bool> same_layers(World& world, const Context& context, const crypto::Digest& a, const crypto::Digest& b,
                         const std::vector<model::LayerName>& layers) {
  PAWL_ASSIGN(model::Bundle one, read_bundle(world, context, a));
  PAWL_ASSIGN(model::Bundle two, read_bundle(world, context, b));
  return std::all_of(layers.begin(), layers.end(), [&](const model::LayerName& name) {
    return same_bytes(find_layer(one, name), find_layer(two, name));
  });
}

namespace {

// Looks for the release whose bundle for one environment holds a layer's bytes: among those that were there.
class Origins {
 public:
  Origins(World& world, const Context& context, const plan::Records& records, const model::ProjectName& project,
          const model::EnvironmentName& environment)
      : world_(world), context_(context), records_(records), project_(project), environment_(environment) {}

  // Reads the bundle of the release for the environment, where there is one.
  Result<std::optional<Part>> bundle_of(std::uint64_t serial) {
    PAWL_ASSIGN(std::optional<plan::ReleaseState> release, release_by_serial(records_, project_, serial));
    if (!release) return std::optional<Part>();
    PAWL_ASSIGN(model::Release document, read_release(world_, context_, release->release));
    const model::ReleaseBundle* found = document.find(environment_);
    if (found == nullptr) return std::optional<Part>();
    PAWL_ASSIGN(Part part, read_part(world_, context_, found->bundle.digest));
    return std::optional<Part>(std::move(part));
  }

  // Releases that any head here had parts of, newest visit first, after `first`.
  Result<std::vector<std::uint64_t>> candidates(std::uint64_t first) {
    constexpr std::size_t kMost = 1000;
    std::vector<std::uint64_t> out = {first};
    PAWL_ASSIGN(plan::EnvironmentState state,
                records_.load<plan::EnvironmentState>(plan::key::environment(project_, environment_)));
    for (std::uint64_t number = state.visits; number > 0 && out.size() < kMost; --number) {
      PAWL_ASSIGN(std::optional<plan::VisitState> visit,
                  records_.find<plan::VisitState>(plan::key::visit(project_, environment_, number)));
      if (!visit) continue;
      PAWL_ASSIGN(plan::BundleState bundle,
                  records_.load<plan::BundleState>(plan::key::bundle(project_, environment_, visit->bundle)));
      for (std::uint64_t serial : {visit->release, bundle.newest}) {
        if (std::find(out.begin(), out.end(), serial) == out.end()) out.push_back(serial);
      }
    }
    return out;
  }

  Result<std::set<std::uint64_t>> of(const std::vector<model::BundleLayer>& layers, std::uint64_t first) {
    PAWL_ASSIGN(std::vector<std::uint64_t> serials, candidates(first));
    std::vector<model::BundleLayer> rest = layers;
    std::set<std::uint64_t> out;
    for (std::uint64_t serial : serials) {
      if (rest.empty()) break;
      PAWL_ASSIGN(std::optional<Part> part, bundle_of(serial));
      if (!part) continue;
      std::size_t found = std::erase_if(
          rest, [&](const auto& layer) { return same_bytes(find_layer(part->bundle, layer.name), &layer); });
      if (found > 0) out.insert(serial);
    }
    if (!rest.empty()) out.insert(0);
    return out;
  }

 private:
  World& world_;
  const Context& context_;
  const plan::Records& records_;
  const model::ProjectName& project_;
  const model::EnvironmentName& environment_;
};

// The layers that `to` has with other bytes than `from`.
Result<std::vector<model::BundleLayer>> changed_layers(World& world, const Context& context,
                                                       const std::optional<crypto::Digest>& from,
                                                       const crypto::Digest& to) {
  PAWL_ASSIGN(model::Bundle after, read_bundle(world, context, to));
  if (!from) return after.layers;
  PAWL_ASSIGN(model::Bundle before, read_bundle(world, context, *from));
  std::erase_if(after.layers, [&](const auto& layer) { return same_bytes(find_layer(before, layer.name), &layer); });
  return after.layers;
}

}  // namespace

Result<std::vector<std::uint64_t>> releases_entering(World& world, const Context& context, const plan::Records& records,
                                                     const model::ProjectName& project,
                                                     const plan::PromotionOpened& opened) {
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release, release_by_serial(records, project, opened.release));
  if (release) {
    PAWL_ASSIGN(model::Release document, read_release(world, context, release->release));
    const model::ReleaseBundle* own = document.find(opened.environment);
    if (own == nullptr || own->bundle.digest == opened.bundle) return std::vector<std::uint64_t>{opened.release};
  }
  PAWL_ASSIGN(std::vector<model::BundleLayer> layers, changed_layers(world, context, opened.from, opened.bundle));
  if (layers.empty()) return std::vector<std::uint64_t>{opened.release};
  PAWL_ASSIGN(std::set<std::uint64_t> serials,
              Origins(world, context, records, project, opened.environment).of(layers, opened.release));
  return std::vector<std::uint64_t>(serials.begin(), serials.end());
}

}  // namespace pawl::engine

#include "engine/intact.h"

#include <algorithm>

#include "core/model/statement.h"
#include "engine/layers.h"
#include "engine/records.h"

namespace pawl::engine {

bool says_broken(const Error& error) {
  return error.code == ErrorCode::kIntegrity || error.code == ErrorCode::kNotFound || error.code == ErrorCode::kInvalid;
}

Status check_bundle(World& world, const Context& context, const crypto::Digest& digest) {
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, digest));
  PAWL_TRY(read_inventory(world, context, bundle));
  for (const model::BundleLayer& layer : bundle.layers)
    PAWL_TRY_WITHIN(world.blobs->get(context, layer.blob.digest), "checking layer " + layer.name.str());
  return {};
}

namespace {

bool is_record_of(const model::Statement& statement, const plan::ReleaseState& state, const model::Release& release) {
  return statement.predicate_type == model::kReleasePredicate && is_about(statement, state.release) &&
         std::all_of(release.bundles.begin(), release.bundles.end(),
                     [&](const auto& bundle) { return is_about(statement, bundle.bundle.digest); });
}

}  // namespace

Result<std::string> check_release_record(World& world, const Context& context,
                                         const model::Configuration& configuration, const plan::ReleaseState& state,
                                         const model::Release& release) {
  PAWL_ASSIGN(std::vector<crypto::PublicKey> keys, trusted_keys(world, configuration.trust.roles, "release"));
  PAWL_ASSIGN(auto records, world.blobs->attached(context, state.release, model::kSigstoreBundleType));
  std::string last = "it has no record";
  for (const auto& record : records) {
    Result<model::VerifiedStatement> verified = model::verify_statement(record.bytes, keys);
    if (!verified) {
      last = verified.error().message;
    } else if (is_record_of(verified->statement, state, release)) {
      return "record: signed by " + verified->keys[0].id().substr(0, 19) + ", about this release and its " +
             std::to_string(release.bundles.size()) + " bundles";
    }
  }
  return Error(ErrorCode::kIntegrity, "no record of release " + state.versions.back() + " counts: " + last,
               "only keys trusted for the role release count");
}

namespace {

Status check_one_release(World& world, const Context& context, const plan::Records& records,
                         const model::Configuration& configuration, std::uint64_t serial) {
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release, release_by_serial(records, configuration.project, serial));
  if (!release)
    return Error(ErrorCode::kIntegrity, "a layer of it is of no release that is known here", "promote a whole release");
  PAWL_ASSIGN(model::Release document, read_release(world, context, release->release));
  PAWL_TRY(check_release_record(world, context, configuration, *release, document));
  return {};
}

// Present is enough here: they are read, and hashed, when a check runs.
Status check_check_files(World& world, const Context& context, const plan::ReleaseState& release) {
  PAWL_ASSIGN(model::Descriptor files, read_snapshot_files_descriptor(world, context, release.snapshot));
  PAWL_ASSIGN(bool there, world.blobs->has(context, files.digest));
  if (there) return {};
  return Error(ErrorCode::kNotFound, "the files that its checks run from, " + files.digest.brief() + ", are gone",
               "restore the blobs from a backup");
}

}  // namespace

Status check_intact(World& world, const Context& context, const plan::Records& records,
                    const model::Configuration& configuration, const model::Environment& environment,
                    const plan::PromotionOpened& opened) {
  PAWL_TRY(check_bundle(world, context, opened.bundle));
  if (opened.kind == plan::PromotionKind::kReconcile) return {};
  PAWL_ASSIGN(std::vector<std::uint64_t> serials,
              releases_entering(world, context, records, configuration.project, opened));
  for (std::uint64_t serial : serials) PAWL_TRY(check_one_release(world, context, records, configuration, serial));
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
              release_by_serial(records, configuration.project, opened.release));
  if (environment.verification.empty() || !release) return {};
  return check_check_files(world, context, *release);
}

}  // namespace pawl::engine

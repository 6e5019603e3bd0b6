#include "engine/effects.h"

#include <algorithm>

#include "base/strong.h"
#include "core/drift/difference.h"
#include "engine/facts.h"
#include "engine/records.h"

namespace pawl::engine {

using plan::Completion;

Completion Effects::perform(const plan::Effect& effect, std::uint64_t epoch) {
  return std::visit(
      overloaded{[&](const plan::ClaimTarget&) { return claim(epoch); },
                 [&](const plan::StageLayer& e) { return stage(e, epoch); },
                 [&](const plan::PublishBundle&) { return publish(epoch); },
                 [&](const plan::ReadBack&) { return read_back(); }, [&](const plan::RunCheck& e) { return check(e); }},
      effect);
}

Completion Effects::failed(const plan::Effect& effect, Error error, std::uint64_t epoch) {
  bool fenced = false;
  if (error.code == ErrorCode::kConflict) {
    Result<ports::TargetState> state = target_->inspect(context_);
    fenced = state.ok() && state->receipt && state->receipt->epoch > epoch;
  }
  return plan::EffectFailed{effect, std::move(error), fenced};
}

Completion Effects::claim(std::uint64_t epoch) {
  const plan::PromotionOpened& opened = promotion_.opened;
  ports::Target::Claim claim{bundle_.project.str(), environment_.name.str(), epoch, opened.number, opened.adopt};
  Result<ports::TargetState> before = target_->claim(context_, claim);
  if (!before) return failed(plan::ClaimTarget{}, std::move(before).error(), epoch);
  bool holds = before->receipt && before->receipt->bundle == opened.bundle;
  return plan::Claimed{holds};
}

Completion Effects::stage(const plan::StageLayer& effect, std::uint64_t epoch) {
  auto layer =
      std::find_if(bundle_.layers.begin(), bundle_.layers.end(), [&](const auto& l) { return l.name == effect.layer; });
  world_.notifier->notify({"apply", "layer " + effect.layer.str(), "running", ""});
  Result<std::string> yaml = world_.blobs->get(context_, layer->blob.digest);
  if (!yaml) return failed(effect, std::move(yaml).error(), epoch);
  Status status = target_->apply(context_, epoch, {effect.layer, std::move(*yaml)});
  if (!status) return failed(effect, std::move(status).error(), epoch);
  world_.notifier->notify(
      {"apply", "layer " + effect.layer.str(), "done", std::to_string(layer->objects) + " objects"});
  return plan::Staged{effect.layer};
}

namespace {

// What fits into one ledger entry: at most 100 paths, and 16 KiB of them.
std::vector<std::string> first_of(std::vector<std::string> paths) {
  constexpr std::size_t kPaths = 100;
  std::size_t room = 16u << 10;
  std::size_t kept = 0;
  while (kept < paths.size() && kept < kPaths && paths[kept].size() <= room) room -= paths[kept++].size();
  paths.resize(kept);
  return paths;
}

}  // namespace

Completion Effects::publish(std::uint64_t epoch) {
  const plan::PromotionOpened& opened = promotion_.opened;
  ports::Receipt receipt{bundle_.project.str(), environment_.name.str(), opened.bundle, epoch, opened.number};
  std::vector<model::LayerName> layers;
  for (const model::BundleLayer& layer : bundle_.layers) layers.push_back(layer.name);
  Result<std::vector<std::string>> overwritten = target_->publish(context_, receipt, layers, info_);
  if (!overwritten) return failed(plan::PublishBundle{}, std::move(overwritten).error(), epoch);
  return plan::Published{first_of(std::move(*overwritten))};
}

Completion Effects::read_back() {
  Result<ports::Live> live = target_->read(context_);
  if (!live) return failed(plan::ReadBack{}, std::move(live).error(), 0);
  Result<std::string> difference = difference_from_live(world_, context_, bundle_, *live);
  if (!difference) return failed(plan::ReadBack{}, std::move(difference).error(), 0);
  return plan::ReadBackDone{difference->empty(), *difference};
}

Result<ports::CheckResult> Effects::run_check(const model::Check& check) {
  ports::CheckRequest request{check.name, check.command, check.timeout, {}, {}};
  if (snapshot_) {
    PAWL_ASSIGN(request.files, read_snapshot_files(world_, context_, *snapshot_));
  }
  request.environment = {{"PAWL_PROJECT", bundle_.project.str()},
                         {"PAWL_ENVIRONMENT", environment_.name.str()},
                         {"PAWL_BUNDLE", promotion_.opened.bundle.str()},
                         {"PAWL_RELEASE", info_.release},
                         {"PAWL_PROMOTION", std::to_string(promotion_.opened.number)},
                         {"PAWL_TARGET", model::identity(environment_.target)}};
  if (const auto* directory = std::get_if<model::DirectoryTarget>(&environment_.target)) {
    bool absolute = directory->path.starts_with('/');
    request.environment["PAWL_TARGET_PATH"] =
        absolute || !world_.workspace ? directory->path : world_.workspace->root() + "/" + directory->path;
  }
  return world_.checks->run(context_, request);
}

Result<crypto::Digest> Effects::record_check(const model::Check& check, const ports::CheckResult& result) {
  PAWL_ASSIGN(model::Descriptor output, world_.blobs->put(context_, "text/plain", result.output));
  model::Statement statement{.predicate_type = std::string(model::kTestResultPredicate)};
  format::Arena& arena = *statement.predicate.arena;
  statement.subjects.push_back({environment_.name.str() + "/" + info_.release, promotion_.opened.bundle});
  format::Value configuration = format::Value::map();
  configuration.set(arena, "name", check.name);
  configuration.set(arena, "digest", model::digest_of_checks(environment_).str());
  format::Value configurations = format::Value::list();
  configurations.push_back(arena, configuration);
  format::Value names = format::Value::list();
  names.push_back(arena, format::Value::string(arena, check.name));
  format::Value predicate = format::Value::map();
  predicate.set(arena, "result", result.passed ? "PASSED" : "FAILED");
  predicate.set(arena, "configuration", configurations);
  predicate.set(arena, result.passed ? "passedTests" : "failedTests", names);
  predicate.set(arena, "environment", environment_.name.str());
  predicate.set(arena, "promotion", format::Value::integer(promotion_.opened.number));
  predicate.set(arena, "reason", result.reason);
  predicate.set(arena, "output", output.digest.str());
  statement.predicate.root = predicate;
  model::Descriptor subject{
      std::string(model::kManifestType), promotion_.opened.bundle, 0, std::string(model::kBundleArtifact), {}};
  PAWL_ASSIGN(std::string manifest, world_.blobs->get(context_, promotion_.opened.bundle));
  subject.size = manifest.size();
  return attach_record(world_, context_, ports::KeyRole::kRelease, statement, subject);
}

Completion Effects::check(const plan::RunCheck& effect) {
  auto found = std::find_if(environment_.verification.begin(), environment_.verification.end(),
                            [&](const model::Check& c) { return c.name == effect.check; });
  world_.notifier->notify({"check", effect.check, "running", ""});
  Result<ports::CheckResult> result = run_check(*found);
  if (!result) return failed(effect, std::move(result).error(), 0);
  // A check that passed but left no record did not pass: removing evidence must never help.
  Result<crypto::Digest> record = record_check(*found, *result);
  plan::CheckDone done{effect.check, result->passed, result->errored, result->reason, std::nullopt};
  if (record) {
    done.record = *record;
  } else {
    done.passed = false;
    done.errored = true;
    done.reason = "its result could not be recorded: " + record.error().text();
  }
  world_.notifier->notify({"check", effect.check, done.passed ? "done" : "failed", done.reason});
  return done;
}

Result<std::string> difference_from_live(World& world, const Context& context, const model::Bundle& bundle,
                                         const ports::Live& live) {
  format::Arena arena;
  PAWL_ASSIGN(std::vector<drift::DriftObject> wanted, read_objects(world, context, arena, bundle));
  std::vector<drift::DriftObject> found;
  for (const auto& [layer, text] : live.layers) {
    Result<std::vector<drift::DriftObject>> objects = drift::objects_of(arena, layer, text);
    if (!objects) return "layer " + layer + " cannot be read";
    found.insert(found.end(), objects->begin(), objects->end());
  }
  std::vector<drift::ObjectChange> changes = drift::difference(wanted, found);
  if (changes.empty()) return std::string();
  return changes[0].id.str() +
         (changes.size() > 1 ? " and " + std::to_string(changes.size() - 1) + " more differ" : " differs");
}

}  // namespace pawl::engine

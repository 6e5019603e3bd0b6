#include "engine/evidence_views.h"

#include <map>
#include <set>

#include "engine/attestable.h"
#include "engine/evidence.h"
#include "engine/facts.h"
#include "engine/intact.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

api::EvidenceView view(const EvidenceSubject& subject, const plan::EvidenceFact& fact) {
  return {.subject = subject.kind,
          .name = subject.name,
          .digest = subject.digest.str(),
          .predicate_type = fact.predicate_type,
          .issued = fact.issued,
          .signers = names_of(fact.signers),
          .signed_by = fact.recorded_by,
          .recorded = fact.recorded,
          .counts = !fact.flaw,
          .flaw = fact.flaw ? std::string(plan::name_of(*fact.flaw)) : "",
          .reason = fact.flaw ? plan::words_for(*fact.flaw) : "",
          .record = fact.record};
}

// The subjects of one answer, each digest once.
class Subjects {
 public:
  void add(plan::GateSubject kind, std::string name, const crypto::Digest& digest) {
    if (known_.insert(digest).second) all_.push_back({std::string(name_of(kind)), std::move(name), digest});
  }

  void add(const plan::ReleaseState& release) {
    add(plan::GateSubject::kRelease, release.versions.back(), release.release);
    add(plan::GateSubject::kSnapshot, release.versions.back(), release.snapshot);
  }

  Status add_images(Result<std::map<crypto::Digest, std::string>> images) {
    if (!images && says_broken(images.error())) return {};
    if (!images) return std::move(images).error();
    for (auto& [digest, reference] : *images) add(plan::GateSubject::kImage, reference, digest);
    return {};
  }

  std::vector<EvidenceSubject> take() { return std::move(all_); }

 private:
  std::vector<EvidenceSubject> all_;
  std::set<crypto::Digest> known_;
};

}  // namespace

Result<std::vector<api::EvidenceView>> evidence_views(World& world, const Context& context, const Moment& moment,
                                                      const model::Configuration& configuration,
                                                      std::span<const EvidenceSubject> subjects) {
  std::map<crypto::Digest, std::vector<const plan::EvidenceFact*>> about;
  std::vector<crypto::Digest> digests;
  for (const EvidenceSubject& subject : subjects) {
    if (about.try_emplace(subject.digest).second) digests.push_back(subject.digest);
  }
  PAWL_ASSIGN(std::vector<plan::EvidenceFact> facts, evidence_facts(world, context, moment, configuration, digests));
  for (const plan::EvidenceFact& fact : facts) about[fact.subject].push_back(&fact);
  std::vector<api::EvidenceView> out;
  for (const EvidenceSubject& subject : subjects) {
    for (const plan::EvidenceFact* fact : about[subject.digest]) out.push_back(view(subject, *fact));
  }
  return out;
}

Result<std::vector<EvidenceSubject>> subjects_of_bundle(World& world, const Context& context,
                                                        const plan::Records& records, const model::ProjectName& project,
                                                        const model::EnvironmentName& environment,
                                                        const crypto::Digest& bundle, std::uint64_t serial) {
  Subjects out;
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release, release_by_serial(records, project, serial));
  std::string version = release ? release->versions.back() : bundle.brief();
  out.add(plan::GateSubject::kBundle, environment.str() + "/" + version, bundle);
  if (release) out.add(*release);
  PAWL_TRY(out.add_images(images_of(world, context, bundle)));
  return out.take();
}

Result<std::vector<EvidenceSubject>> subjects_of_release(const plan::ReleaseState& release,
                                                         const model::Release& document,
                                                         std::span<const model::Inventory> inventories) {
  Subjects out;
  out.add(release);
  for (const model::ReleaseBundle& one : document.bundles) {
    out.add(plan::GateSubject::kBundle, one.environment.str() + "/" + release.versions.back(), one.bundle.digest);
  }
  for (const model::Inventory& inventory : inventories) PAWL_TRY(out.add_images(images_in(inventory)));
  return out.take();
}

}  // namespace pawl::engine

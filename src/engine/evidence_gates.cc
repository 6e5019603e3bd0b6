#include "engine/evidence_gates.h"

#include <algorithm>
#include <set>

#include "engine/attestable.h"
#include "engine/facts.h"

namespace pawl::engine {

namespace {

using model::EvidenceSubject;

std::set<EvidenceSubject> asked_about(std::span<const model::Gate> gates) {
  std::set<EvidenceSubject> out;
  for (const model::Gate& gate : gates) {
    if (const auto* evidence = std::get_if<model::EvidenceGate>(&gate)) out.insert(evidence->subject);
  }
  return out;
}

}  // namespace

Result<plan::EvidenceFacts> evidence_for_gates(World& world, const Context& context, const Moment& moment,
                                               const model::Configuration& configuration,
                                               const model::Environment& environment,
                                               const plan::PromotionOpened& opened,
                                               std::span<const model::Gate> gates) {
  plan::EvidenceFacts out{.project = configuration.project.str(), .labels = environment.labels};
  std::set<EvidenceSubject> asked = asked_about(gates);
  if (asked.empty()) return out;
  out.subjects.push_back({EvidenceSubject::kBundle, opened.bundle, ""});
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
              release_by_serial(moment.records, configuration.project, opened.release));
  if (release) {
    out.release = release->versions.back();
    out.subjects.push_back({EvidenceSubject::kRelease, release->release, ""});
    out.subjects.push_back({EvidenceSubject::kSnapshot, release->snapshot, ""});
  }
  if (asked.contains(EvidenceSubject::kImage)) {
    PAWL_ASSIGN(auto images, images_of(world, context, opened.bundle));
    for (auto& [digest, name] : images) out.subjects.push_back({EvidenceSubject::kImage, digest, std::move(name)});
  }
  std::set<crypto::Digest> digests;
  for (const plan::EvidenceAbout& one : out.subjects) {
    if (asked.contains(one.kind)) digests.insert(one.digest);
  }
  std::vector<crypto::Digest> list(digests.begin(), digests.end());
  PAWL_ASSIGN(out.said, evidence_facts(world, context, moment, configuration, list));
  return out;
}

}  // namespace pawl::engine

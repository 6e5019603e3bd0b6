#include "adapters/memory/blobs.h"

#include "core/model/referrer.h"

namespace pawl::memory {

Status Blobs::enter(const Context& context, std::string_view call) {
  PAWL_TRY(context.proceed());
  return ask(fault_, call);
}

void Blobs::corrupt(const crypto::Digest& digest, std::string bytes) {
  std::lock_guard lock(mutex_);
  blobs_[digest] = std::move(bytes);
}

void Blobs::lose(const crypto::Digest& digest) {
  std::lock_guard lock(mutex_);
  blobs_.erase(digest);
}

model::Descriptor Blobs::store(std::string_view media_type, std::string_view bytes) {
  model::Descriptor descriptor = model::describe(media_type, bytes);
  if (blobs_.try_emplace(descriptor.digest, bytes).second) {
    order_.push_back(descriptor.digest);
    unsynced_.insert(descriptor.digest);
  }
  // One that is there but never reached the disk is synced again: a sync that failed is not forgotten.
  if (unsynced_.contains(descriptor.digest) && synced(sync_, "blobs.sync")) unsynced_.erase(descriptor.digest);
  return descriptor;
}

void Blobs::crash() {
  std::lock_guard lock(mutex_);
  for (const crypto::Digest& digest : unsynced_) {
    blobs_.erase(digest);
    for (auto& [subject, records] : referrers_) records.erase(digest);
  }
  unsynced_.clear();
}

std::size_t Blobs::count() const {
  std::lock_guard lock(mutex_);
  return order_.size();
}

std::string Blobs::nth(std::size_t n) const {
  std::lock_guard lock(mutex_);
  auto found = blobs_.find(order_[n]);
  return found == blobs_.end() ? std::string() : found->second;
}

Result<std::string> Blobs::checked(const crypto::Digest& digest, std::size_t max_bytes) const {
  auto found = blobs_.find(digest);
  if (found == blobs_.end()) return Error(ErrorCode::kNotFound, "there is no blob " + digest.str());
  if (found->second.size() > max_bytes) {
    return Error(ErrorCode::kInvalid,
                 "blob " + digest.str() + " has more than " + std::to_string(max_bytes) + " bytes");
  }
  if (crypto::sha256(found->second) == digest) return found->second;
  return Error(ErrorCode::kIntegrity, "the bytes stored as " + digest.str() + " have another digest");
}

Result<model::Descriptor> Blobs::put(const Context& context, std::string_view media_type, std::string_view bytes) {
  PAWL_TRY(enter(context, "blobs.put"));
  std::lock_guard lock(mutex_);
  return store(media_type, bytes);
}

Result<std::string> Blobs::get(const Context& context, const crypto::Digest& digest, std::size_t max_bytes) {
  PAWL_TRY(enter(context, "blobs.get"));
  std::lock_guard lock(mutex_);
  return checked(digest, max_bytes);
}

Result<bool> Blobs::has(const Context& context, const crypto::Digest& digest) {
  PAWL_TRY(enter(context, "blobs.has"));
  std::lock_guard lock(mutex_);
  return blobs_.contains(digest);
}

Result<std::vector<crypto::Digest>> Blobs::list(const Context& context) {
  PAWL_TRY(enter(context, "blobs.list"));
  std::lock_guard lock(mutex_);
  std::vector<crypto::Digest> digests;
  for (const auto& [digest, bytes] : blobs_) digests.push_back(digest);
  return digests;
}

Status Blobs::tag(const Context& context, std::string_view name, const model::Descriptor& manifest) {
  PAWL_TRY(enter(context, "blobs.tag"));
  std::lock_guard lock(mutex_);
  if (!blobs_.contains(manifest.digest)) {
    return Error(ErrorCode::kNotFound,
                 "there is no manifest " + manifest.digest.str() + " to name \"" + std::string(name) + "\"");
  }
  tags_.insert_or_assign(std::string(name), manifest);
  return {};
}

Result<std::optional<model::Descriptor>> Blobs::resolve(const Context& context, std::string_view name) {
  PAWL_TRY(enter(context, "blobs.resolve"));
  std::lock_guard lock(mutex_);
  auto found = tags_.find(name);
  if (found == tags_.end()) return std::optional<model::Descriptor>();
  return std::optional<model::Descriptor>(found->second);
}

Result<std::map<std::string, model::Descriptor>> Blobs::names(const Context& context) {
  PAWL_TRY(enter(context, "blobs.names"));
  std::lock_guard lock(mutex_);
  return std::map<std::string, model::Descriptor>(tags_.begin(), tags_.end());
}

Result<model::Descriptor> Blobs::attach(const Context& context, const model::Descriptor& subject,
                                        std::string_view artifact_type, std::string_view bytes) {
  PAWL_TRY(enter(context, "blobs.attach"));
  std::lock_guard lock(mutex_);
  store(model::kEmptyType, model::kEmptyBytes);
  model::Descriptor record = store(artifact_type, bytes);
  model::Descriptor manifest = store(model::kManifestType, model::encode_referrer(subject, artifact_type, record));
  manifest.artifact_type = artifact_type;
  referrers_[subject.digest].insert_or_assign(manifest.digest, manifest);
  return manifest;
}

Result<std::vector<ports::Blobs::Attached>> Blobs::attached(const Context& context, const crypto::Digest& subject,
                                                            std::string_view artifact_type) {
  PAWL_TRY(enter(context, "blobs.attached"));
  std::lock_guard lock(mutex_);
  std::vector<Attached> found;
  for (const auto& [digest, descriptor] : referrers_[subject]) {
    if (descriptor.artifact_type != artifact_type) continue;
    PAWL_ASSIGN(std::string manifest, checked(digest, limits::kManifestBytes));
    PAWL_ASSIGN(model::Referrer referrer, model::decode_referrer(std::move(manifest)));
    PAWL_ASSIGN(std::string bytes, checked(referrer.record.digest, limits::kStatementBytes));
    found.push_back({descriptor, std::move(bytes)});
  }
  return found;
}

}  // namespace pawl::memory

#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/memory/fault.h"
#include "ports/blobs.h"

namespace pawl::memory {

// Blobs in memory. What is put is synced before put() returns; what Sync left volatile is lost in a crash.
class Blobs : public ports::Blobs {
 public:
  explicit Blobs(Fault fault = {}, Sync sync = {}) : fault_(std::move(fault)), sync_(std::move(sync)) {}

  // The machine stops: blobs that were not synced are gone.
  void crash();
  // How many blobs were ever stored, and the n-th of them (from 0) as it is now; "" when it is gone.
  std::size_t count() const;
  std::string nth(std::size_t n) const;

  // Damages or removes a blob behind the port's back, for attacks; `bytes` is what get() will find under the digest.
  void corrupt(const crypto::Digest& digest, std::string bytes);
  void lose(const crypto::Digest& digest);

  Result<model::Descriptor> put(const Context& context, std::string_view media_type, std::string_view bytes) override;
  Result<std::string> get(const Context& context, const crypto::Digest& digest, std::size_t max_bytes) override;
  Result<bool> has(const Context& context, const crypto::Digest& digest) override;
  Result<std::vector<crypto::Digest>> list(const Context& context) override;
  Status tag(const Context& context, std::string_view name, const model::Descriptor& manifest) override;
  Result<std::optional<model::Descriptor>> resolve(const Context& context, std::string_view name) override;
  Result<std::map<std::string, model::Descriptor>> names(const Context& context) override;
  Result<model::Descriptor> attach(const Context& context, const model::Descriptor& subject,
                                   std::string_view artifact_type, std::string_view bytes) override;
  Result<std::vector<Attached>> attached(const Context& context, const crypto::Digest& subject,
                                         std::string_view artifact_type) override;

 private:
  Status enter(const Context& context, std::string_view call);
  model::Descriptor store(std::string_view media_type, std::string_view bytes);
  Result<std::string> checked(const crypto::Digest& digest, std::size_t max_bytes) const;

  Fault fault_;
  Sync sync_;
  mutable std::mutex mutex_;
  std::map<crypto::Digest, std::string> blobs_;
  std::vector<crypto::Digest> order_;  // as they were first stored
  std::set<crypto::Digest> unsynced_;
  std::map<std::string, model::Descriptor, std::less<>> tags_;
  std::map<crypto::Digest, std::map<crypto::Digest, model::Descriptor>> referrers_;  // subject -> manifests
};

}  // namespace pawl::memory

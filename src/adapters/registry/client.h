#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/registry/manifest.h"
#include "adapters/registry/redirect.h"
#include "adapters/registry/sources.h"
#include "adapters/registry/url.h"
#include "format/reference.h"
#include "os/patient_http.h"

namespace pawl::registry {

// The OCI distribution API v2, as far as reading goes. Thread-safe.
class Client {
 public:
  explicit Client(Config config) : config_(std::move(config)) {}

  // The manifest or index that `version` (a tag or digest) names, checked as check_manifest() does. Errors: kNotFound,
  // kDenied, kUnavailable, kTimeout, kIntegrity; kInvalid for a version that is no tag, and for a body that is
  // truncated or too large.
  Result<Manifest> manifest(const Context& context, const format::ImageReference& reference,
                            const std::string& version);
  // The blob that `digest` names, checked. Errors: as above; kInvalid past `max_bytes`.
  Result<std::string> blob(const Context& context, const format::ImageReference& reference,
                           const crypto::Digest& digest, std::size_t max_bytes);
  // Every tag. Errors: as above; kInvalid past 100,000 tags or 1,000 pages.
  Result<std::vector<std::string>> tags(const Context& context, const format::ImageReference& reference);

 private:
  // Where a registry is asked: a mirror of it, or itself.
  struct Base {
    Url url;
    std::string registry;  // whose credentials may be used there
    std::string layout;    // of a mirror that is an OCI layout: its folder, and nothing else is set

    const std::string& name() const { return layout.empty() ? url.host : layout; }
  };
  static Result<Base> mirror_base(const std::string& registry, const std::string& mirror);
  Result<std::vector<Base>> bases(const std::string& registry) const;

  Result<os::HttpResponse> get(const Context& context, const format::ImageReference& reference, const Base& base,
                               const std::string& path, const std::string& accept,
                               std::size_t max_bytes = limits::kManifestBytes);
  Result<std::string> authorize(const Context& context, const format::ImageReference& reference, const Base& base,
                                std::string_view challenge);
  // Asks one place after the other, until one answers with 200.
  using Ask = std::function<Result<os::HttpResponse>(const Base& base)>;
  Result<os::HttpResponse> first_answer(const format::ImageReference& reference, const std::string& version,
                                        const Ask& ask) const;
  Result<std::vector<std::string>> tags_at(const Context& context, const format::ImageReference& reference,
                                           const Base& base);
  std::string known_token(const std::string& key);

  Config config_;
  os::PatientHttp http_;
  std::mutex mutex_;
  std::map<std::string, std::string> tokens_;  // "base repository" -> Authorization
};

// Whether `text` may be a tag (distribution grammar): it becomes part of a path.
bool is_tag(std::string_view text);

}  // namespace pawl::registry

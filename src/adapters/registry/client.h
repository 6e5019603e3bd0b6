#pragma once

#include <map>
#include <mutex>
#include <string>

#include "adapters/registry/sources.h"
#include "crypto/digest.h"
#include "format/reference.h"
#include "os/http.h"

namespace pawl::registry {

struct Manifest {
  std::string media_type;
  crypto::Digest digest;
  std::string bytes;
};

// The OCI distribution API v2, as far as reading goes. Thread-safe.
class Client {
 public:
  explicit Client(Config config) : config_(std::move(config)) {}

  // The manifest or index that `version` (a tag or digest) names. What comes is checked: digest against bytes, against
  // Docker-Content-Digest and against the one asked for, Content-Type against mediaType. Errors: kNotFound, kDenied,
  // kUnavailable, kIntegrity.
  Result<Manifest> manifest(const Context& context, const format::ImageReference& reference,
                            const std::string& version);
  Result<std::vector<std::string>> tags(const Context& context, const format::ImageReference& reference);

 private:
  std::vector<std::string> bases(const std::string& registry) const;
  Result<os::HttpResponse> get(const Context& context, const format::ImageReference& reference, const std::string& base,
                               const std::string& path, const std::string& accept);
  Result<os::HttpResponse> send_patiently(const Context& context, const os::HttpRequest& request);
  Result<std::string> authorize(const Context& context, const format::ImageReference& reference,
                                const std::string& base, std::string_view challenge);

  Config config_;
  os::HttpClient http_;
  std::mutex mutex_;
  std::map<std::string, std::string> tokens_;  // "base repository" -> Authorization
};

}  // namespace pawl::registry

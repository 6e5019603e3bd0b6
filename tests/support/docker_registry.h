#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"
#include "os/http.h"

namespace pawl::testing_support {

// A real docker-registry on a free port of loopback, filled with images that the test makes. It ends, and its data is
// removed, with this object.
class DockerRegistry {
 public:
  static bool is_installed();
  // Starts the program and waits until it answers. Errors: kNotFound without the program, kTimeout.
  static Result<std::unique_ptr<DockerRegistry>> start();
  ~DockerRegistry();
  DockerRegistry(const DockerRegistry&) = delete;
  DockerRegistry& operator=(const DockerRegistry&) = delete;

  std::string host() const;  // "127.0.0.1:40123"

  // Pushes an index of one image a platform ("linux/amd64") under a tag, which moves there; `salt` makes other bytes.
  // Returns the index's digest. Aborts the test program when the registry refuses.
  crypto::Digest push_index(const std::string& repository, const std::string& tag,
                            const std::vector<std::string>& platforms, const std::string& salt = "");
  // Pushes a single image under a tag. Returns its manifest's digest.
  crypto::Digest push_image(const std::string& repository, const std::string& tag, const std::string& salt = "");
  // Ends the program; later calls find nobody.
  void stop();

 private:
  DockerRegistry() = default;
  void launch();
  Status wait_until_ready();
  os::HttpResponse send(os::HttpRequest request, int wanted_status);
  std::string push_blob(const std::string& repository, const std::string& bytes);
  std::string push_manifest(const std::string& repository, const std::string& version, const std::string& bytes,
                            const std::string& type);
  std::string image_manifest(const std::string& repository, const std::string& salt);

  std::string folder_;
  int port_ = 0;
  pid_t process_ = -1;
  os::HttpClient http_;
};

}  // namespace pawl::testing_support

// Skips, by name, where the program is absent; with CI set that is a failure.
#define PAWL_NEEDS_DOCKER_REGISTRY()                                                              \
  if (!pawl::testing_support::DockerRegistry::is_installed()) {                                   \
    if (pawl::os::environment("CI")) FAIL() << "docker-registry is not installed, and CI is set"; \
    GTEST_SKIP() << "docker-registry is not installed";                                           \
  }

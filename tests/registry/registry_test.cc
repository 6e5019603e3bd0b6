// The registry client against a real docker-registry.
#include <gtest/gtest.h>

#include "adapters/registry/sources.h"
#include "os/file.h"
#include "os/system.h"
#include "tests/support/docker_registry.h"

namespace pawl::registry {
namespace {

using testing_support::DockerRegistry;

class RealRegistry : public testing::Test {
 protected:
  void SetUp() override {
    PAWL_NEEDS_DOCKER_REGISTRY();
    Result<std::unique_ptr<DockerRegistry>> started = DockerRegistry::start();
    ASSERT_TRUE(started.ok()) << started.error().text();
    registry_ = std::move(*started);
  }

  Context context() const { return Context().within(std::chrono::seconds(30)); }
  format::ImageReference image(const std::string& name) const {
    return format::parse_image_reference(registry_->host() + "/" + name).value();
  }
  Result<model::LockedSource> resolve(const std::string& version) {
    model::Source source{"web", model::ImageSource{registry_->host() + "/shop/web"}, version, {}};
    return reader_->resolve(context(), source);
  }

  std::unique_ptr<DockerRegistry> registry_;
  std::shared_ptr<ports::SourceReader> reader_ = make_source_reader(Config{}, nullptr);
};

TEST_F(RealRegistry, A5_AnIndexIsLockedWithEveryPlatform) {
  crypto::Digest index = registry_->push_index("shop/web", "1.0", {"linux/arm64", "linux/amd64"});
  Result<model::LockedImage> locked = reader_->resolve_image(context(), image("shop/web:1.0"));
  ASSERT_TRUE(locked.ok()) << locked.error().text();
  EXPECT_EQ(locked->digest, index);
  EXPECT_EQ(locked->reference, registry_->host() + "/shop/web:1.0");
  ASSERT_EQ(locked->platforms.size(), 2u);
  EXPECT_EQ(locked->platforms[0].platform, "linux/amd64");
  for (const model::LockedPlatform& platform : locked->platforms) {
    Result<std::string> bytes = reader_->fetch_manifest(context(), image("shop/web"), platform.digest);
    ASSERT_TRUE(bytes.ok()) << bytes.error().text();
    EXPECT_EQ(crypto::sha256(*bytes), platform.digest);
  }
}

TEST_F(RealRegistry, A2_ATagThatMovedIsSeenByTagAndNotByDigest) {
  crypto::Digest before = registry_->push_image("shop/web", "stable", "before");
  crypto::Digest after = registry_->push_image("shop/web", "stable", "after");
  ASSERT_NE(before, after);
  EXPECT_EQ(reader_->resolve_image(context(), image("shop/web:stable"))->digest, after);
  EXPECT_EQ(reader_->resolve_image(context(), image("shop/web@" + before.str()))->digest, before);
}

TEST_F(RealRegistry, ChoosesAmongTags) {
  for (const char* tag : {"6.9.0", "6.10.0", "6.11.0-rc.1", "7.0.0", "latest"})
    registry_->push_image("shop/web", tag, tag);
  EXPECT_EQ(resolve(">=6 <7")->version, "6.10.0");
  EXPECT_EQ(resolve("6.9.*")->version, "6.9.0");
  EXPECT_EQ(resolve("latest")->version, "latest");
  EXPECT_EQ(resolve("latest")->digest, registry_->push_image("shop/web", "latest", "latest"));
  EXPECT_EQ(resolve("^8").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(reader_->list_tags(context(), image("shop/web"))->size(), 5u);
}

TEST_F(RealRegistry, SaysWhatIsNotThere) {
  registry_->push_image("shop/web", "1");
  EXPECT_EQ(reader_->resolve_image(context(), image("shop/web:2")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(reader_->resolve_image(context(), image("shop/none:1")).error().code, ErrorCode::kNotFound);
  Result<std::string> none = reader_->fetch_manifest(context(), image("shop/web"), crypto::sha256("none"));
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST_F(RealRegistry, AMirrorIsAskedFirstAndStandsInNoLock) {
  crypto::Digest pushed = registry_->push_image("library/redis", "7", "mirrored");
  Config config;
  config.mirrors["docker.io"] = {"http://127.0.0.1:1", "http://" + registry_->host()};
  Result<model::LockedImage> locked =
      make_source_reader(config, nullptr)->resolve_image(context(), format::parse_image_reference("redis:7").value());
  ASSERT_TRUE(locked.ok()) << locked.error().text();
  EXPECT_EQ(locked->digest, pushed);
  EXPECT_EQ(locked->reference, "redis:7");
}

TEST_F(RealRegistry, ARegistryThatIsGoneIsUnavailable) {
  registry_->push_image("shop/web", "1");
  registry_->stop();
  Result<model::LockedImage> gone = reader_->resolve_image(context(), image("shop/web:1"));
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace pawl::registry

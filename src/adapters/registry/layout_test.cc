#include "adapters/registry/layout.h"

#include <gtest/gtest.h>

#include "adapters/registry/sources.h"
#include "os/file.h"

namespace pawl::registry {
namespace {

class LayoutMirror : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::make_temporary_folder("/tmp", "pawl-layout-").value();
    ASSERT_TRUE(os::make_folders(folder_ + "/blobs/sha256").ok());
    config_ = put("{\"os\":\"linux\"}");
    manifest_ =
        put(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"digest":")" +
            config_.str() + R"("},"layers":[]})");
    index_ =
        put(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"digest":")" +
            manifest_.str() + R"(","platform":{"os":"linux","architecture":"amd64"}}]})");
    write_index({entry("ghcr.io/acme/web:1.0.0", index_.str())});
  }
  void TearDown() override { EXPECT_TRUE(os::remove_tree(folder_).ok()); }

  std::string path_of(const crypto::Digest& digest) const { return folder_ + "/blobs/sha256/" + digest.hex(); }
  crypto::Digest put(const std::string& bytes) {
    crypto::Digest digest = crypto::sha256(bytes);
    EXPECT_TRUE(os::write_file(path_of(digest), bytes).ok());
    return digest;
  }
  static std::string entry(const std::string& name, const std::string& digest,
                           const std::string& key = "org.opencontainers.image.ref.name") {
    return R"({"digest":")" + digest + R"(","annotations":{")" + key + R"(":")" + name + R"("}})";
  }
  void write_index(const std::vector<std::string>& entries) {
    std::string text = "{\"schemaVersion\":2,\"manifests\":[";
    for (const std::string& one : entries) text += (text.back() == '[' ? "" : ",") + one;
    ASSERT_TRUE(os::write_file(folder_ + "/index.json", text + "]}").ok());
  }

  // Nothing listens on port 1: whatever is not in the layout is unavailable.
  std::shared_ptr<ports::SourceReader> reader(const std::string& registry = "ghcr.io") const {
    Config config;
    config.mirrors[registry] = {"oci:" + folder_};
    return make_source_reader(config, nullptr);
  }
  Context context() const { return Context().within(std::chrono::seconds(5)); }
  Result<model::LockedImage> resolve(const std::string& image, const std::string& registry = "ghcr.io") const {
    return reader(registry)->resolve_image(context(), format::parse_image_reference(image).value());
  }

  std::string folder_;
  crypto::Digest config_ = crypto::sha256("");
  crypto::Digest manifest_ = crypto::sha256("");
  crypto::Digest index_ = crypto::sha256("");
};

TEST_F(LayoutMirror, AnswersLikeTheRegistry) {
  Result<model::LockedImage> locked = resolve("ghcr.io/acme/web:1.0.0");
  ASSERT_TRUE(locked.ok()) << locked.error().text();
  EXPECT_EQ(locked->digest, index_);
  EXPECT_EQ(locked->platforms, (std::vector<model::LockedPlatform>{{"linux/amd64", manifest_}}));
  format::ImageReference web = format::parse_image_reference("ghcr.io/acme/web").value();
  EXPECT_TRUE(reader()->fetch_manifest(context(), web, manifest_).ok());
  EXPECT_EQ(reader()->fetch_blob(context(), web, config_).value(), "{\"os\":\"linux\"}");
  EXPECT_EQ(reader()->list_tags(context(), web).value(), std::vector<std::string>{"1.0.0"});
  model::Source source{"web", model::ImageSource{"ghcr.io/acme/web"}, "^1", {}};
  EXPECT_EQ(reader()->resolve(context(), source)->version, "1.0.0");
}

TEST_F(LayoutMirror, ReadsTheNamesThatContainerdWrites) {
  write_index({entry("docker.io/library/redis:7", index_.str(), "io.containerd.image.name")});
  EXPECT_EQ(resolve("redis:7", "docker.io")->digest, index_);
}

TEST_F(LayoutMirror, WhatIsNotInItIsAskedOfTheRegistry) {
  Config config;
  config.mirrors["127.0.0.1:1"] = {"oci:" + folder_};
  Result<model::LockedImage> absent =
      make_source_reader(config, nullptr)
          ->resolve_image(context(), format::parse_image_reference("127.0.0.1:1/a/b:2").value());
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, ErrorCode::kUnavailable) << absent.error().text();
}

TEST_F(LayoutMirror, AFolderThatIsNoneIsNamed) {
  ASSERT_TRUE(os::remove_tree(folder_ + "/index.json").ok());
  Result<model::LockedImage> none = resolve("ghcr.io/acme/web:1.0.0");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kInvalid);
  EXPECT_NE(none.error().message.find(folder_), std::string::npos);
}

TEST_F(LayoutMirror, A1_OtherBytesForADigest) {
  ASSERT_TRUE(os::write_file(path_of(index_), "{\"schemaVersion\":2,\"manifests\":[]}").ok());
  EXPECT_EQ(resolve("ghcr.io/acme/web:1.0.0").error().code, ErrorCode::kIntegrity);
  ASSERT_TRUE(os::write_file(path_of(config_), "other").ok());
  format::ImageReference web = format::parse_image_reference("ghcr.io/acme/web").value();
  EXPECT_EQ(reader()->fetch_blob(context(), web, config_).error().code, ErrorCode::kIntegrity);
}

TEST_F(LayoutMirror, A2_ANameThatStandsTwiceIsRefused) {
  write_index({entry("ghcr.io/acme/web:1.0.0", index_.str()), entry("ghcr.io/acme/web:1.0.0", manifest_.str())});
  EXPECT_EQ(resolve("ghcr.io/acme/web:1.0.0").error().code, ErrorCode::kInvalid);
}

TEST_F(LayoutMirror, A4_ADigestOfTheIndexIsNoPath) {
  for (const char* digest : {"sha256:../../index.json", "sha256:ABC", "md5:00", ""}) {
    write_index({entry("ghcr.io/acme/web:1.0.0", digest)});
    EXPECT_EQ(resolve("ghcr.io/acme/web:1.0.0").error().code, ErrorCode::kInvalid) << digest;
  }
}

}  // namespace
}  // namespace pawl::registry

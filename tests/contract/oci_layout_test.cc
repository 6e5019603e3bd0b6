// What only an OCI layout folder can get wrong.
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "adapters/oci/layout.h"
#include "core/model/referrer.h"
#include "core/model/statement.h"
#include "format/json.h"
#include "os/file.h"
#include "tests/contract/folder.h"

namespace pawl::contract {
namespace {

class OciLayout : public testing::Test {
 protected:
  Folder folder_;
  std::string root_ = folder_ / "oci";
  Context context_;

  model::Descriptor put_release(ports::Blobs& blobs) {
    std::string release = R"({"artifactType":"application/vnd.pawl.release.v1+json","mediaType":")" +
                          std::string(model::kIndexType) + "\"}";
    model::Descriptor out = blobs.put(context_, model::kIndexType, release).value();
    out.artifact_type = model::kReleaseArtifact;
    return out;
  }
  std::string read(const std::string& name) { return os::read_file(root_ + "/" + name).value(); }
};

TEST_F(OciLayout, IsOneThatOthersRead) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor release = blobs->put(context_, model::kIndexType, "{\"release\":1}").value();
  ASSERT_TRUE(blobs->tag(context_, "shop/1.0.0", release));
  EXPECT_EQ(read("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}\n");
  EXPECT_EQ(read("blobs/sha256/" + release.digest.hex()), "{\"release\":1}");
  format::Document index = format::parse_json_document(read("index.json")).value();
  EXPECT_EQ(index.root.find("schemaVersion")->as_int(), 2);
  const format::Value& entry = index.root.find("manifests")->items()[0];
  EXPECT_EQ(entry.string_at("digest"), release.digest.str());
  EXPECT_EQ(entry.at_path({"annotations", "org.opencontainers.image.ref.name"})->as_string(), "shop/1.0.0");
}

// What another tool wrote into index.json stays.
TEST_F(OciLayout, KeepsWhatItDoesNotKnow) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  std::string foreign = "sha256:" + std::string(64, 'a');
  ASSERT_TRUE(os::write_file(root_ + "/index.json",
                             R"({"schemaVersion":2,"annotations":{"made":"elsewhere"},"manifests":[{"mediaType":"x/y",)"
                             R"("digest":")" +
                                 foreign + R"(","size":3,"platform":{"os":"linux"}}]})"));
  ASSERT_TRUE(blobs->tag(context_, "v1", blobs->put(context_, model::kIndexType, "{}").value()));
  format::Document index = format::parse_json_document(read("index.json")).value();
  EXPECT_EQ(index.root.at_path({"annotations", "made"})->as_string(), "elsewhere");
  std::span<const format::Value> manifests = std::as_const(index.root).find("manifests")->items();
  ASSERT_EQ(manifests.size(), 2u);
  EXPECT_EQ(manifests[0].at_path({"platform", "os"})->as_string(), "linux");
}

// The referrers index appears under its tag once the subject itself is named, in either order.
TEST_F(OciLayout, RecordsOfNamedManifestsAreFoundByOthers) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor subject = blobs->put(context_, model::kIndexType, "{\"release\":1}").value();
  std::string tag = model::referrers_tag(subject.digest);
  model::Descriptor first = blobs->attach(context_, subject, model::kSigstoreBundleType, "one").value();
  EXPECT_EQ(blobs->resolve(context_, tag).value(), std::nullopt) << "index.json stays small";
  ASSERT_TRUE(blobs->tag(context_, "v1", subject));
  model::Descriptor second = blobs->attach(context_, subject, model::kSigstoreBundleType, "two").value();
  std::optional<model::Descriptor> index = blobs->resolve(context_, tag).value();
  ASSERT_TRUE(index);
  std::vector<model::Descriptor> referrers =
      model::decode_referrers(blobs->get(context_, index->digest).value()).value();
  ASSERT_EQ(referrers.size(), 2u);
  EXPECT_EQ(std::ranges::count(referrers, first) + std::ranges::count(referrers, second), 2);
}

TEST_F(OciLayout, RefusesAnotherVersion) {
  oci::open_oci_layout(root_).value();
  ASSERT_TRUE(os::write_file(root_ + "/oci-layout", "{\"imageLayoutVersion\":\"2.0.0\"}"));
  Result<std::shared_ptr<ports::Blobs>> blobs = oci::open_oci_layout(root_);
  ASSERT_FALSE(blobs);
  EXPECT_EQ(blobs.error().code, ErrorCode::kInvalid);
}

TEST_F(OciLayout, A4_AFileThatIsNoDigestIsNoticed) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  ASSERT_TRUE(os::write_file(root_ + "/blobs/sha256/.0000.1-2.tmp", "left by an interrupted write"));
  EXPECT_TRUE(blobs->list(context_));
  ASSERT_TRUE(os::write_file(root_ + "/blobs/sha256/ABCDEF", "x"));
  Result<std::vector<crypto::Digest>> digests = blobs->list(context_);
  ASSERT_FALSE(digests);
  EXPECT_EQ(digests.error().code, ErrorCode::kIntegrity);
  EXPECT_NE(digests.error().text().find("ABCDEF"), std::string::npos);
}

TEST_F(OciLayout, RefusesNamesThatAreNoReference) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor manifest = blobs->put(context_, model::kIndexType, "{}").value();
  for (const std::string& name :
       {std::string(), std::string("-v"), std::string("a b"), std::string("a\nb"), std::string(256, 'a')}) {
    Status status = blobs->tag(context_, name, manifest);
    ASSERT_FALSE(status) << name;
    EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  }
}

TEST_F(OciLayout, PuttingAgainMendsATruncatedBlob) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor blob = blobs->put(context_, "text/plain", "whole").value();
  ASSERT_TRUE(os::write_file(root_ + "/blobs/sha256/" + blob.digest.hex(), "who"));
  ASSERT_TRUE(blobs->put(context_, "text/plain", "whole"));
  EXPECT_EQ(blobs->get(context_, blob.digest).value(), "whole");
}

// A record that another subject's index lists is not passed off as evidence.
TEST_F(OciLayout, S8_ALargeRecordIsRefusedUnread) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor subject = blobs->put(context_, model::kIndexType, "{\"release\":1}").value();
  ASSERT_TRUE(blobs->attach(context_, subject, model::kSigstoreBundleType, "record"));
  std::filesystem::resize_file(root_ + "/blobs/sha256/" + crypto::sha256("record").hex(), 129u << 20);
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  EXPECT_FALSE(blobs->attached(context_, subject.digest, model::kSigstoreBundleType).ok());
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 1024) << "kibibytes";
}

TEST_F(OciLayout, NamesAreWhatIsStoredAndOthersEntriesAreLeftAlone) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor subject = put_release(*blobs);
  ASSERT_TRUE(blobs->tag(context_, "shop-1.0.0", subject));
  ASSERT_TRUE(blobs->attach(context_, subject, model::kSigstoreBundleType, "record"));
  auto names = blobs->names(context_);
  ASSERT_TRUE(names.ok()) << names.error().text();
  EXPECT_EQ(names->at("shop-1.0.0").digest, subject.digest);
  EXPECT_EQ(names->size(), 2u) << "and what is attached to it";
}

// A byte of index.json or of a list of referrers says something else, and each of them is noticed.
TEST_F(OciLayout, L1_EveryChangedByteBesideTheBlobsIsNoticed) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor subject = put_release(*blobs);
  ASSERT_TRUE(blobs->attach(context_, subject, model::kSigstoreBundleType, "record"));
  ASSERT_TRUE(blobs->tag(context_, "shop-1.0.0", subject));
  std::map<std::string, model::Descriptor> names = blobs->names(context_).value();
  for (std::string file : {std::string("index.json"), "referrers/" + model::referrers_tag(subject.digest) + ".json"}) {
    std::string good = read(file);
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1);
      ASSERT_TRUE(os::write_file(root_ + "/" + file, bad, {.durable = false}));
      auto found = blobs->names(context_);
      // A name may turn into another one; whoever knows the names tells them apart.
      bool noticed = !found.ok() || *found != names;
      EXPECT_TRUE(noticed) << file << " byte " << i << ": " << bad.substr(i > 10 ? i - 10 : 0, 20);
      EXPECT_TRUE(found.ok() || found.error().code == ErrorCode::kIntegrity) << found.error().text();
    }
    ASSERT_TRUE(os::write_file(root_ + "/" + file, good));
  }
}

TEST_F(OciLayout, S3_ARecordMovedToAnotherSubjectIsRefused) {
  std::shared_ptr<ports::Blobs> blobs = oci::open_oci_layout(root_).value();
  model::Descriptor mine = blobs->put(context_, model::kManifestType, "{\"mine\":1}").value();
  model::Descriptor other = blobs->put(context_, model::kManifestType, "{\"other\":1}").value();
  ASSERT_TRUE(blobs->attach(context_, mine, model::kSigstoreBundleType, "approved"));
  std::string moved = read("referrers/" + model::referrers_tag(mine.digest) + ".json");
  ASSERT_TRUE(os::write_file(root_ + "/referrers/" + model::referrers_tag(other.digest) + ".json", moved));
  Result<std::vector<ports::Blobs::Attached>> found =
      blobs->attached(context_, other.digest, model::kSigstoreBundleType);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kIntegrity);
}

}  // namespace
}  // namespace pawl::contract

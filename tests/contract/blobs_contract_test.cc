// What every Blobs must do.
#include <algorithm>
#include <thread>

#include "core/model/referrer.h"
#include "core/model/statement.h"
#include "tests/contract/factories.h"

namespace pawl::contract {
namespace {

class BlobsContract : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<BlobsFactory> factory_ = make_blobs_factory(GetParam());
  std::shared_ptr<ports::Blobs> blobs_ = factory_->open();
  Context context_;

  model::Descriptor put(std::string_view bytes) { return blobs_->put(context_, "text/plain", bytes).value(); }
  model::Descriptor attach(const model::Descriptor& subject, std::string_view bytes) {
    return blobs_->attach(context_, subject, model::kSigstoreBundleType, bytes).value();
  }
  std::vector<std::string> attached(const model::Descriptor& subject,
                                    std::string_view type = model::kSigstoreBundleType) {
    std::vector<std::string> records;
    std::vector<ports::Blobs::Attached> found = blobs_->attached(context_, subject.digest, type).value();
    for (const ports::Blobs::Attached& one : found) records.push_back(one.bytes);
    std::ranges::sort(records);
    return records;
  }
};

INSTANTIATE_TEST_SUITE_P(Adapters, BlobsContract, testing::Values("memory", "oci"),
                         [](const auto& adapter) { return adapter.param; });

using Texts = std::vector<std::string>;

TEST_P(BlobsContract, GivesBackWhatWasPut) {
  std::string bytes("zero\0byte", 9);
  model::Descriptor descriptor = put(bytes);
  EXPECT_EQ(descriptor.media_type, "text/plain");
  EXPECT_EQ(descriptor.digest, crypto::sha256(bytes));
  EXPECT_EQ(descriptor.size, 9u);
  EXPECT_EQ(blobs_->get(context_, descriptor.digest).value(), bytes);
  EXPECT_TRUE(blobs_->has(context_, descriptor.digest).value());
  EXPECT_EQ(put(bytes), descriptor) << "again is fine";
  EXPECT_EQ(blobs_->get(context_, put("").digest).value(), "");
}

TEST_P(BlobsContract, SaysThatABlobIsNotThere) {
  crypto::Digest digest = crypto::sha256("never put");
  EXPECT_FALSE(blobs_->has(context_, digest).value());
  Result<std::string> bytes = blobs_->get(context_, digest);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, ErrorCode::kNotFound);
  EXPECT_NE(bytes.error().text().find(digest.str()), std::string::npos);
}

TEST_P(BlobsContract, RefusesMoreThanWasAllowed) {
  model::Descriptor descriptor = put("0123456789");
  EXPECT_TRUE(blobs_->get(context_, descriptor.digest, 10));
  Result<std::string> bytes = blobs_->get(context_, descriptor.digest, 9);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, ErrorCode::kInvalid);
}

TEST_P(BlobsContract, A1_ChangedBytesAreNotGivenOut) {
  model::Descriptor descriptor = put("right");
  for (const char* wrong : {"wrong", "righ", ""}) {
    factory_->corrupt(descriptor.digest, wrong);
    Result<std::string> bytes = blobs_->get(context_, descriptor.digest);
    ASSERT_FALSE(bytes) << wrong;
    EXPECT_EQ(bytes.error().code, ErrorCode::kIntegrity);
    EXPECT_NE(bytes.error().text().find(descriptor.digest.str()), std::string::npos);
  }
}

TEST_P(BlobsContract, ListsEveryDigestInOrder) {
  EXPECT_TRUE(blobs_->list(context_).value().empty());
  std::vector<crypto::Digest> digests{put("a").digest, put("b").digest, put("c").digest};
  std::ranges::sort(digests);
  EXPECT_EQ(blobs_->list(context_).value(), digests);
}

TEST_P(BlobsContract, NamesManifests) {
  model::Descriptor first = blobs_->put(context_, model::kIndexType, "{\"one\":1}").value();
  model::Descriptor second = blobs_->put(context_, model::kIndexType, "{\"two\":2}").value();
  first.artifact_type = model::kReleaseArtifact;
  first.annotations = {{"dev.pawl.project", "shop"}};
  EXPECT_EQ(blobs_->resolve(context_, "shop/1.0.0").value(), std::nullopt);
  ASSERT_TRUE(blobs_->tag(context_, "shop/1.0.0", first));
  EXPECT_EQ(blobs_->resolve(context_, "shop/1.0.0").value(), first);
  ASSERT_TRUE(blobs_->tag(context_, "shop/1.0.0+build.2", second));
  EXPECT_EQ(blobs_->resolve(context_, "shop/1.0.0").value(), first);
  ASSERT_TRUE(blobs_->tag(context_, "shop/1.0.0", second));
  EXPECT_EQ(factory_->open()->resolve(context_, "shop/1.0.0").value(), second);
}

TEST_P(BlobsContract, DoesNotNameWhatIsNotThere) {
  Status status = blobs_->tag(context_, "v1", model::describe(model::kIndexType, "absent"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(blobs_->resolve(context_, "v1").value(), std::nullopt);
}

TEST_P(BlobsContract, AttachesRecords) {
  model::Descriptor subject = blobs_->put(context_, model::kManifestType, "{}").value();
  EXPECT_EQ(attached(subject), Texts{});
  model::Descriptor manifest = attach(subject, "record one");
  EXPECT_EQ(attach(subject, "record one"), manifest) << "attaching twice is attaching once";
  attach(subject, "record two");
  EXPECT_EQ(attached(subject), (Texts{"record one", "record two"}));
  EXPECT_EQ(attached(subject, "application/other"), Texts{});
  EXPECT_EQ(attached(put("another subject")), Texts{});
}

TEST_P(BlobsContract, ARecordIsAnOciReferrer) {
  model::Descriptor subject = blobs_->put(context_, model::kManifestType, "{\"a\":1}").value();
  model::Descriptor manifest = attach(subject, "record");
  EXPECT_EQ(manifest.media_type, model::kManifestType);
  EXPECT_EQ(manifest.artifact_type, model::kSigstoreBundleType);
  std::string bytes = blobs_->get(context_, manifest.digest).value();
  EXPECT_EQ(bytes.size(), manifest.size);
  model::Referrer referrer = model::decode_referrer(bytes).value();
  EXPECT_EQ(referrer.subject, subject.digest);
  EXPECT_EQ(referrer.record.media_type, model::kSigstoreBundleType);
  EXPECT_EQ(blobs_->get(context_, referrer.record.digest).value(), "record");
  EXPECT_TRUE(blobs_->has(context_, crypto::sha256("{}")).value()) << "the empty config";
}

TEST_P(BlobsContract, A1_AChangedRecordIsNotGivenOut) {
  model::Descriptor subject = put("subject");
  attach(subject, "record");
  factory_->corrupt(crypto::sha256("record"), "forged");
  Result<std::vector<ports::Blobs::Attached>> found =
      blobs_->attached(context_, subject.digest, model::kSigstoreBundleType);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kIntegrity);
}

TEST_P(BlobsContract, A9_TwoWritersLoseNothingOfEachOther) {
  constexpr int kEach = 20;
  model::Descriptor subject = blobs_->put(context_, model::kManifestType, "{\"subject\":1}").value();
  ASSERT_TRUE(blobs_->tag(context_, "v1", subject));
  std::shared_ptr<ports::Blobs> other = factory_->open();
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&, writer] {
      ports::Blobs& blobs = writer == 0 ? *blobs_ : *other;
      for (int i = 0; i < kEach; ++i) {
        std::string name = std::to_string(writer) + "-" + std::to_string(i);
        blobs.attach(context_, subject, model::kSigstoreBundleType, "record " + name).value();
        blobs.tag(context_, name, subject).value();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(attached(subject).size(), 2u * kEach);
  for (int i = 0; i < kEach; ++i) {
    EXPECT_EQ(blobs_->resolve(context_, "0-" + std::to_string(i)).value(), subject);
    EXPECT_EQ(blobs_->resolve(context_, "1-" + std::to_string(i)).value(), subject);
  }
}

}  // namespace
}  // namespace pawl::contract

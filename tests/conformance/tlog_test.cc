#include "core/merkle/checkpoint.h"
#include "core/merkle/tile.h"
#include "tests/support/shared.h"

// A C2SP tlog-tiles log of 16 checkpoints, written by another implementation.

namespace pawl {
namespace {

using merkle::CompactRange;
using testing_support::read_shared;
using testing_support::shared;

constexpr std::uint64_t kSize = 15;
constexpr std::string_view kVerifier = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
constexpr std::string_view kSigner =
    "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";

class Tlog : public testing::Test {
 protected:
  void SetUp() override {
    PAWL_NEEDS_SHARED("vectors/tlog/log");
    std::string bundle = read_shared("vectors/tlog/log/tile/entries/000.p/15");
    for (std::string_view entry : merkle::decode_entries(bundle, kSize).value()) entries_.emplace_back(entry);
  }
  std::vector<std::string> entries_;
};

TEST_F(Tlog, EveryTileAndEntryBundleComesOutTheSame) {
  std::vector<merkle::Hash> leaves;
  for (std::uint64_t size = 1; size <= kSize; ++size) {
    leaves.push_back(merkle::leaf_hash(entries_[size - 1]));
    std::string tile = merkle::tile_path(0, 0, size);
    EXPECT_EQ(merkle::encode_tile(leaves), read_shared("vectors/tlog/log/" + tile));
    std::string bundle = merkle::entries_path(0, size);
    EXPECT_EQ(merkle::encode_entries(std::span(entries_).first(size)), read_shared("vectors/tlog/log/" + bundle));
  }
}

TEST_F(Tlog, EveryCheckpointComesOutTheSame) {
  merkle::NoteSigner signer = merkle::NoteSigner::parse(kSigner).value();
  merkle::NoteVerifier verifier = merkle::NoteVerifier::parse(kVerifier).value();
  EXPECT_EQ(signer.verifier().vkey(), kVerifier);
  CompactRange range;
  std::size_t compared = 0;
  for (std::uint64_t size = 0; size <= kSize; ++size) {
    if (size > 0) range.append(merkle::leaf_hash(entries_[size - 1]));
    std::string path = "vectors/tlog/log/checkpoint." + std::to_string(size);
    if (!os::exists(shared(path))) continue;
    std::string published = read_shared(path);
    merkle::Checkpoint checkpoint = merkle::open_checkpoint(published, verifier).value();
    EXPECT_EQ(checkpoint.size, size);
    EXPECT_EQ(checkpoint.root, range.root());
    EXPECT_EQ(merkle::sign_checkpoint(checkpoint, signer), published);
    ++compared;
  }
  EXPECT_EQ(compared, 16u);
}

}  // namespace
}  // namespace pawl

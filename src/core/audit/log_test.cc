#include "core/audit/log.h"

#include <gtest/gtest.h>

#include <map>

#include "core/audit/partials.h"
#include "core/merkle/tile.h"

namespace pawl::audit {
namespace {

using merkle::Checkpoint;
using merkle::kTileWidth;

merkle::NoteSigner signer() {
  return {"example.com/log", crypto::PrivateKey::ed25519_from_seed(std::string(32, 's')).value()};
}

using Files = std::map<std::string, std::string>;

// A published log, by the text of the specification.
struct Log {
  Files files;
  Checkpoint checkpoint;

  explicit Log(const std::vector<std::string>& entries) {
    std::vector<merkle::Hash> hashes;
    merkle::CompactRange range;
    for (const std::string& entry : entries) {
      hashes.push_back(merkle::leaf_hash(entry));
      range.append(hashes.back());
    }
    for (std::size_t i = 0; i < entries.size(); i += kTileWidth) {
      std::size_t width = std::min<std::size_t>(kTileWidth, entries.size() - i);
      files[merkle::entries_path(i / kTileWidth, width)] = merkle::encode_entries(std::span(entries).subspan(i, width));
    }
    for (unsigned level = 0; !hashes.empty(); ++level) {
      std::vector<merkle::Hash> above;
      for (std::size_t i = 0; i < hashes.size(); i += kTileWidth) {
        std::size_t width = std::min<std::size_t>(kTileWidth, hashes.size() - i);
        std::span<const merkle::Hash> tile = std::span(hashes).subspan(i, width);
        files[merkle::tile_path(level, i / kTileWidth, width)] = merkle::encode_tile(tile);
        merkle::CompactRange inner;
        for (const merkle::Hash& hash : tile) inner.append(hash);
        if (width == kTileWidth) above.push_back(inner.root());
      }
      hashes = above;
    }
    checkpoint = {signer().name, entries.size(), range.root(), {}};
    files["checkpoint"] = merkle::sign_checkpoint(checkpoint, signer());
  }
};

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("entry " + std::to_string(i));
  return out;
}

Result<LogReport> check(const Files& files, std::optional<Checkpoint> against = {}) {
  ReadFile read = [&](const std::string& path) -> Result<std::optional<std::string>> {
    auto found = files.find(path);
    if (found == files.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  };
  return check_log(read, signer().verifier(), against);
}

TEST(CheckLog, WholeLogsOfManySizesPass) {
  for (std::size_t size : {0u, 1u, 5u, 255u, 256u, 257u, 700u}) {
    Log log(numbered(size));
    Result<LogReport> report = check(log.files, log.checkpoint);
    ASSERT_TRUE(report.ok()) << size << ": " << report.error().text();
    EXPECT_EQ(report->checkpoint, log.checkpoint);
  }
}

TEST(CheckLog, L1_EveryFileThatIsAlteredOrGoneIsNamed) {
  Log log(numbered(300));
  for (const auto& [path, bytes] : log.files) {
    for (std::size_t i = 0; i < bytes.size(); i += 97) {
      Files altered = log.files;
      altered[path][i] = static_cast<char>(altered[path][i] ^ 1);
      Result<LogReport> report = check(altered);
      ASSERT_FALSE(report.ok()) << path << " byte " << i;
      EXPECT_EQ(report.error().code, ErrorCode::kIntegrity);
    }
    Files gone = log.files;
    gone.erase(path);
    ASSERT_FALSE(check(gone).ok()) << path;
    EXPECT_NE(check(gone).error().message.find(path), std::string::npos);
  }
}

TEST(CheckLog, L1_SwappedAndDroppedEntriesAreFound) {
  std::vector<std::string> entries = numbered(20);
  Log log(entries);
  std::swap(entries[3], entries[4]);
  Files swapped = log.files;
  swapped["tile/entries/000.p/20"] = merkle::encode_entries(entries);
  EXPECT_EQ(check(swapped).error().code, ErrorCode::kIntegrity);
  entries = numbered(20);
  entries.erase(entries.begin() + 7);
  Files dropped = log.files;
  dropped["tile/entries/000.p/20"] = merkle::encode_entries(entries);
  EXPECT_EQ(check(dropped).error().code, ErrorCode::kIntegrity);
}

TEST(CheckLog, L1_ARewrittenHistoryWithTheRightKeyIsAFork) {
  Log seen(numbered(10));
  std::vector<std::string> other = numbered(12);
  other[2] = "another story";
  Log fork(other);
  EXPECT_TRUE(check(fork.files).ok()) << "alone it is a whole log";
  EXPECT_EQ(check(fork.files, seen.checkpoint).error().code, ErrorCode::kIntegrity);
  EXPECT_TRUE(check(Log(numbered(12)).files, seen.checkpoint).ok());
}

// Whatever part of a tile or of several the older log had.
TEST(CheckLog, L1_EveryEarlierSizeIsHeldAgainst) {
  Files files = Log(numbered(700)).files;
  for (std::size_t size : {0u, 1u, 2u, 255u, 256u, 257u, 511u, 512u, 513u, 699u, 700u}) {
    Checkpoint seen = Log(numbered(size)).checkpoint;
    EXPECT_TRUE(check(files, seen).ok()) << size;
    seen.root = merkle::leaf_hash("another story");
    Result<LogReport> report = check(files, seen);
    ASSERT_FALSE(report.ok()) << size;
    EXPECT_NE(report.error().message.find("rewritten"), std::string::npos) << size;
  }
}

TEST(CheckLog, L2_AnOlderLogIsRefusedAgainstWhatWasSeen) {
  Log seen(numbered(10));
  Result<LogReport> report = check(Log(numbered(7)).files, seen.checkpoint);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kIntegrity);
  EXPECT_NE(report.error().message.find("older store"), std::string::npos);
}

TEST(CheckLog, L4_APartialTileThatDisagreesWithAWiderOneIsRefused) {
  Files files = Log(numbered(300)).files;
  Files older = Log(numbered(290)).files;
  for (const char* path : {"tile/0/001.p/34", "tile/entries/001.p/34"}) files[path] = older.at(path);
  auto status = [](const Files& from) {
    return check_partials(
        [&](const std::string& path) -> Result<std::optional<std::string>> {
          auto found = from.find(path);
          return found == from.end() ? std::optional<std::string>() : std::optional<std::string>(found->second);
        },
        300);
  };
  ASSERT_TRUE(status(files).ok());
  for (const char* path : {"tile/0/001.p/34", "tile/entries/001.p/34"}) {
    Files altered = files;
    altered[path].back() ^= 1;
    EXPECT_EQ(status(altered).error().code, ErrorCode::kIntegrity) << path;
    EXPECT_NE(status(altered).error().message.find(path), std::string::npos);
    Files shortened = files;
    shortened[path].pop_back();
    EXPECT_FALSE(status(shortened).ok()) << path;
  }
}

TEST(CheckLog, L1_EntriesCutOffAreFoundBesideTheCheckpointThatCountsThem) {
  Log log(numbered(20));
  Log shorter(numbered(17));
  Files cut = shorter.files;
  EXPECT_EQ(check(cut, log.checkpoint).error().code, ErrorCode::kIntegrity) << "with the checkpoint of then";
  cut["checkpoint"] = log.files.at("checkpoint");
  EXPECT_EQ(check(cut).error().code, ErrorCode::kIntegrity) << "with that of now";
}

TEST(CheckLog, L4_ATileOfTheWrongLengthIsRefused) {
  Log log(numbered(300));
  Files shortened = log.files;
  shortened["tile/0/001.p/44"].resize(43 * 32);
  EXPECT_EQ(check(shortened).error().code, ErrorCode::kIntegrity);
}

}  // namespace
}  // namespace pawl::audit

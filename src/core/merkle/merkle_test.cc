#include <gtest/gtest.h>

#include <random>

#include "base/encoding.h"
#include "core/merkle/checkpoint.h"
#include "core/merkle/row.h"
#include "core/merkle/tile.h"

namespace pawl::merkle {
namespace {

// A whole tree in memory, by the definition of RFC 6962 and nothing else.
struct Tree {
  std::vector<Hash> leaves;
  Hash range(std::uint64_t first, std::uint64_t count) const {
    if (count == 1) return leaves[first];
    std::uint64_t left = 1;
    while (left * 2 < count) left *= 2;
    return node_hash(range(first, left), range(first + left, count - left));
  }
  Hash root(std::uint64_t size) const { return size == 0 ? empty_root() : range(0, size); }
  ReadNode reader() const {
    return [this](unsigned level, std::uint64_t index) -> Result<Hash> { return range(index << level, 1ull << level); };
  }
};

Tree make_tree(std::uint64_t size) {
  Tree tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.leaves.push_back(leaf_hash("entry " + std::to_string(i)));
  return tree;
}

TEST(Tree, KnownAnswersOfRfc6962) {
  EXPECT_EQ(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(leaf_hash("").hex(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST(CompactRange, AgreesWithTheDefinition) {
  Tree tree = make_tree(130);
  CompactRange range;
  EXPECT_EQ(range.root(), empty_root());
  for (std::uint64_t i = 0; i < 130; ++i) {
    range.append(tree.leaves[i], [&](unsigned level, std::uint64_t index, const Hash& hash) {
      EXPECT_EQ(hash, tree.range(index << level, 1ull << level)) << level << " " << index;
    });
    ASSERT_EQ(range.root(), tree.root(i + 1));
  }
}

TEST(Row, AgreesWithTheDefinition) {
  Tree tree = make_tree(130);
  std::vector<std::string> texts;
  for (int i = 0; i < 130; ++i) texts.push_back("entry " + std::to_string(i));
  std::vector<std::string_view> entries(texts.begin(), texts.end());
  for (std::size_t size = 0; size <= entries.size(); ++size) {
    std::string row = leaf_row(std::span(entries).first(size));
    ASSERT_EQ(row, encode_tile(std::span(tree.leaves).first(size)));
    std::vector<Hash> peaks;
    add_peaks(row, peaks);
    ASSERT_EQ(root_of_peaks(peaks), tree.root(size)) << size;
  }
  std::string above = row_above(leaf_row(entries));
  ASSERT_EQ(above.size(), 65 * Hash::kSize);
  for (std::size_t i = 0; i < 65; ++i) {
    EXPECT_EQ(Hash::from_bytes(std::string_view(above).substr(i * Hash::kSize, Hash::kSize)), tree.range(2 * i, 2));
  }
  EXPECT_EQ(root_of_row(leaf_row(std::span(entries).subspan(64, 64))), tree.range(64, 64));
}

TEST(Proofs, EveryInclusionUpTo70) {
  Tree tree = make_tree(70);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      std::vector<Hash> proof = inclusion_proof(index, size, tree.reader()).value();
      EXPECT_TRUE(verify_inclusion(tree.leaves[index], index, size, proof, tree.root(size)));
      EXPECT_FALSE(verify_inclusion(tree.leaves[index], index + 1, size, proof, tree.root(size)) && size > 1);
      std::vector<Hash> longer = proof;
      longer.push_back(tree.leaves[0]);
      EXPECT_FALSE(verify_inclusion(tree.leaves[index], index, size, longer, tree.root(size)));
      if (proof.empty()) continue;
      std::vector<Hash> shorter(proof.begin(), proof.end() - 1);
      EXPECT_FALSE(verify_inclusion(tree.leaves[index], index, size, shorter, tree.root(size)));
      proof[proof.size() / 2] = leaf_hash("other");
      EXPECT_FALSE(verify_inclusion(tree.leaves[index], index, size, proof, tree.root(size)));
    }
  }
  EXPECT_FALSE(inclusion_proof(5, 5, tree.reader()).ok());
}

TEST(Proofs, L1_EveryConsistencyUpTo70) {
  Tree tree = make_tree(70);
  for (std::uint64_t size = 0; size <= 70; ++size) {
    for (std::uint64_t old = 0; old <= size; ++old) {
      std::vector<Hash> proof = consistency_proof(old, size, tree.reader()).value();
      EXPECT_TRUE(verify_consistency(old, size, proof, tree.root(old), tree.root(size))) << old << " " << size;
      EXPECT_FALSE(verify_consistency(old, size, proof, leaf_hash("fork"), tree.root(size))) << old << " " << size;
      bool bound = old != 0 && old != size;
      EXPECT_FALSE(bound && verify_consistency(old, size, proof, tree.root(old), leaf_hash("fork")));
      std::vector<Hash> longer = proof;
      longer.push_back(tree.leaves[0]);
      EXPECT_FALSE(verify_consistency(old, size, longer, tree.root(old), tree.root(size)));
      for (std::size_t i = 0; i < proof.size(); ++i) {
        std::vector<Hash> altered = proof;
        altered[i] = leaf_hash("other");
        EXPECT_FALSE(verify_consistency(old, size, altered, tree.root(old), tree.root(size)));
      }
    }
  }
  EXPECT_FALSE(consistency_proof(6, 5, tree.reader()).ok());
}

TEST(Tile, PathsOfTheSpecification) {
  EXPECT_EQ(tile_path(0, 0), "tile/0/000");
  EXPECT_EQ(tile_path(1, 1234067), "tile/1/x001/x234/067");
  EXPECT_EQ(tile_path(0, 1234, 7), "tile/0/x001/234.p/7");
  EXPECT_EQ(entries_path(3, 1), "tile/entries/003.p/1");
}

TEST(Tile, L4_WrongLengthsAreRefused) {
  std::vector<Hash> hashes = make_tree(3).leaves;
  std::string bytes = encode_tile(hashes);
  EXPECT_EQ(decode_tile(bytes, 3).value(), hashes);
  EXPECT_EQ(decode_tile(bytes, 2).error().code, ErrorCode::kIntegrity);
  EXPECT_FALSE(decode_tile(bytes + "x", 3).ok());
  std::vector<std::string> entries = {"one", "", std::string(65535, 'x')};
  std::string bundle = encode_entries(entries);
  EXPECT_EQ(decode_entries(bundle, 3).value().size(), 3u);
  EXPECT_FALSE(decode_entries(bundle, 2).ok());
  EXPECT_FALSE(decode_entries(bundle, 4).ok());
  EXPECT_FALSE(decode_entries(bundle.substr(0, bundle.size() - 1), 3).ok());
}

NoteSigner test_signer(std::string name = "example.com/log") {
  return {std::move(name), crypto::PrivateKey::ed25519_from_seed(std::string(32, 's')).value()};
}

Checkpoint test_checkpoint() { return {"example.com/log", 5, leaf_hash("x"), {}}; }

TEST(Checkpoint, GoesThroughASignedNote) {
  NoteSigner signer = test_signer();
  std::string note = sign_checkpoint(test_checkpoint(), signer);
  EXPECT_EQ(open_checkpoint(note, signer.verifier()).value(), test_checkpoint());
  EXPECT_EQ(NoteVerifier::parse(signer.verifier().vkey()).value().vkey(), signer.verifier().vkey());
}

TEST(Checkpoint, L3_OtherOriginsAndKeysAreRefused) {
  NoteSigner signer = test_signer();
  std::string note = sign_checkpoint(test_checkpoint(), signer);
  EXPECT_FALSE(open_checkpoint(note, test_signer("example.com/other").verifier()).ok());
  NoteVerifier stranger{"example.com/log", crypto::PrivateKey::generate(crypto::KeyType::kEd25519).public_key()};
  EXPECT_FALSE(open_checkpoint(note, stranger).ok());
  Checkpoint foreign = test_checkpoint();
  foreign.origin = "example.com/foreign";
  EXPECT_EQ(open_checkpoint(sign_checkpoint(foreign, signer), signer.verifier()).error().code, ErrorCode::kIntegrity);
}

TEST(Checkpoint, L3_UnknownExtraSignaturesAreIgnoredAndOwnTwiceRefused) {
  NoteSigner signer = test_signer();
  std::string note = sign_checkpoint(test_checkpoint(), signer);
  std::string text = render_checkpoint(test_checkpoint());
  std::string other = sign_note(text, test_signer("witness.example"));
  std::string other_line = other.substr(text.size() + 1);
  EXPECT_TRUE(open_checkpoint(note + other_line, signer.verifier()).ok());
  EXPECT_FALSE(open_checkpoint(note + note.substr(text.size() + 1), signer.verifier()).ok());
}

TEST(Checkpoint, L3_MalformedFormsAreRefused) {
  NoteSigner signer = test_signer();
  std::string root = to_base64(leaf_hash("x").bytes());
  auto opens = [&](const std::string& text) {
    return open_checkpoint(sign_note(text, signer), signer.verifier()).ok();
  };
  EXPECT_TRUE(opens("example.com/log\n5\n" + root + "\n"));
  for (const std::string size : {"05", "+5", "-5", "", "5 ", "0x5", "99999999999999999999"}) {
    EXPECT_FALSE(opens("example.com/log\n" + size + "\n" + root + "\n")) << size;
  }
  EXPECT_FALSE(opens("example.com/log\n5\n" + root.substr(0, root.size() - 1) + "\n"));
  std::string stray_bits = root;
  stray_bits[stray_bits.size() - 2] = static_cast<char>(stray_bits[stray_bits.size() - 2] + 1);
  EXPECT_FALSE(opens("example.com/log\n5\n" + stray_bits + "\n"));
  EXPECT_FALSE(opens("example.com/log\n5\n"));
  std::string note = sign_checkpoint(test_checkpoint(), signer);
  std::string carriage = note;
  carriage.insert(carriage.find('\n'), "\r");
  EXPECT_FALSE(open_checkpoint(carriage, signer.verifier()).ok());
  std::string joined = note;
  joined.erase(joined.find("\n\n"), 1);
  EXPECT_FALSE(open_checkpoint(joined, signer.verifier()).ok());
  EXPECT_FALSE(open_checkpoint(note.substr(0, note.size() - 1), signer.verifier()).ok());
}

TEST(Note, EveryFlippedByteIsRefused) {
  NoteSigner signer = test_signer();
  std::string note = sign_checkpoint(test_checkpoint(), signer);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string flipped = note;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(open_checkpoint(flipped, signer.verifier()).ok()) << "byte " << i;
  }
}

}  // namespace
}  // namespace pawl::merkle

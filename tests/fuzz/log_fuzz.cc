#include "core/merkle/checkpoint.h"
#include "core/merkle/note.h"
#include "core/merkle/tile.h"
#include "tests/fuzz/fuzz.h"

// Notes, checkpoints, tiles, entry bundles, keys of notes.

namespace pawl {
namespace {

void read_notes(std::string_view bytes) {
  static const merkle::NoteSigner signer{"example.com/log",
                                         crypto::PrivateKey::ed25519_from_seed(std::string(32, 'k')).value()};
  Result<merkle::Note> note = merkle::parse_note(bytes);
  if (note) check(note->text.ends_with('\n'), "a note's text ends in a newline");
  if (merkle::open_note(bytes, signer.verifier())) check(note.ok(), "a note that verifies has a note's form");
  if (merkle::open_checkpoint(bytes, signer.verifier())) check(note.ok(), "a signed checkpoint is a note");
  Result<merkle::Checkpoint> checkpoint = merkle::parse_checkpoint(bytes);
  if (!checkpoint) return;
  check(merkle::render_checkpoint(*checkpoint) == bytes, "a checkpoint has one spelling");
}

void read_tiles(std::string_view bytes) {
  if (bytes.empty()) return;
  std::uint64_t width = static_cast<unsigned char>(bytes[0]) + std::uint64_t{1};
  bytes.remove_prefix(1);
  Result<std::vector<merkle::Hash>> tile = merkle::decode_tile(bytes, width);
  if (tile) check(merkle::encode_tile(*tile) == bytes, "a tile reads back as it was written");
  Result<std::vector<std::string_view>> entries = merkle::decode_entries(bytes, width);
  if (!entries) return;
  std::vector<std::string> owned(entries->begin(), entries->end());
  check(merkle::encode_entries(owned) == bytes, "entries read back as they were written");
}

void read_keys(std::string_view bytes) {
  Result<merkle::NoteVerifier> verifier = merkle::NoteVerifier::parse(bytes);
  if (verifier) check(verifier->vkey() == bytes, "a verifier has one spelling");
  Result<merkle::NoteSigner> signer = merkle::NoteSigner::parse(bytes);
  if (signer) check(!signer->verifier().vkey().empty(), "a signer has a verifier");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes = pawl::fuzz::text_of(data, size);
  pawl::read_notes(bytes);
  pawl::read_tiles(bytes);
  pawl::read_keys(bytes);
  return 0;
}

#include "core/merkle/note.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace pawl::merkle {

namespace {

constexpr char kEd25519 = 1;  // the signature type of C2SP signed-note
constexpr std::size_t kHashBytes = 4;
constexpr std::size_t kMostSignatures = 100;
constexpr std::size_t kLongestNote = 1 << 20;
constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // an em dash and a space

std::uint32_t key_hash(std::string_view name, std::string_view key) {
  std::string text(name);
  text += '\n';
  text += kEd25519;
  text += key;
  crypto::Digest digest = crypto::sha256(text);
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i < kHashBytes; ++i) hash = (hash << 8) | static_cast<unsigned char>(digest.bytes()[i]);
  return hash;
}

bool is_key_name(std::string_view name) {
  return !name.empty() && is_valid_utf8(name) && name.find_first_of(" \t\r\n+") == std::string_view::npos;
}

struct EncodedKey {
  std::string name;
  std::string hash;
  std::string key;  // without the type byte
};

// "name+hash+base64(type || key)".
Result<EncodedKey> split_key(std::string_view text) {
  Error bad(ErrorCode::kInvalid, "not a note key (name+hash+base64)");
  std::size_t first = text.find('+');
  std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return bad;
  EncodedKey out{std::string(text.substr(0, first)), std::string(text.substr(first + 1, second - first - 1)), {}};
  Result<std::string> bytes = from_base64(text.substr(second + 1));
  bool is_ed25519 = bytes.ok() && bytes->size() == 33 && (*bytes)[0] == kEd25519;
  if (!is_ed25519 || !is_key_name(out.name)) return bad;
  out.key = bytes->substr(1);
  return out;
}

}  // namespace

std::uint32_t NoteVerifier::hash() const { return key_hash(name, key.raw()); }

std::string NoteVerifier::vkey() const {
  return fmt::format("{}+{:08x}+{}", name, hash(), to_base64(std::string(1, kEd25519) + key.raw()));
}

Result<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
  PAWL_ASSIGN(EncodedKey encoded, split_key(vkey));
  PAWL_ASSIGN(crypto::PublicKey key, crypto::PublicKey::ed25519(encoded.key));
  NoteVerifier verifier{encoded.name, key};
  if (fmt::format("{:08x}", verifier.hash()) != encoded.hash)
    return Error(ErrorCode::kInvalid, "the note key's hash is not its own");
  return verifier;
}

Result<NoteSigner> NoteSigner::parse(std::string_view skey) {
  if (!skey.starts_with(kPrivatePrefix)) return Error(ErrorCode::kInvalid, "not a private note key");
  PAWL_ASSIGN(EncodedKey encoded, split_key(skey.substr(kPrivatePrefix.size())));
  PAWL_ASSIGN(crypto::PrivateKey key, crypto::PrivateKey::ed25519_from_seed(encoded.key));
  NoteSigner signer{encoded.name, key};
  if (fmt::format("{:08x}", signer.verifier().hash()) != encoded.hash) {
    return Error(ErrorCode::kInvalid, "the private note key's hash is not its own");
  }
  return signer;
}

std::string sign_note(std::string_view text, const NoteSigner& signer) {
  check(text.ends_with('\n'), "a note's text ends in a newline");
  std::uint32_t hash = signer.verifier().hash();
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((hash >> shift) & 0xFF);
  bytes += signer.key.sign(text);
  return fmt::format("{}\n{}{} {}\n", text, kSignaturePrefix, signer.name, to_base64(bytes));
}

namespace {

Error malformed(std::string_view why) { return Error(ErrorCode::kInvalid, fmt::format("malformed note: {}", why)); }

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return malformed("a signature line does not begin with a dash");
  line.remove_prefix(kSignaturePrefix.size());
  std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space)))
    return malformed("a signature line without a name");
  Result<std::string> bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < kHashBytes + 1) return malformed("a signature that is not base64");
  NoteSignature signature{std::string(line.substr(0, space)), 0, bytes->substr(kHashBytes)};
  for (std::size_t i = 0; i < kHashBytes; ++i) {
    signature.hash = (signature.hash << 8) | static_cast<unsigned char>((*bytes)[i]);
  }
  return signature;
}

Status check_characters(std::string_view bytes) {
  if (bytes.size() > kLongestNote) return malformed("larger than 1 MiB");
  if (!is_valid_utf8(bytes)) return malformed("not UTF-8");
  for (char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return malformed("control characters");
  }
  return {};
}

}  // namespace

Result<Note> parse_note(std::string_view bytes) {
  PAWL_TRY(check_characters(bytes));
  std::size_t split_at = bytes.rfind("\n\n");
  if (split_at == std::string_view::npos) return malformed("no blank line before the signatures");
  Note note{std::string(bytes.substr(0, split_at + 1)), {}};
  std::string_view rest = bytes.substr(split_at + 2);
  if (!rest.ends_with('\n')) return malformed("no signature, or none that ends its line");
  rest.remove_suffix(1);
  for (std::string_view line : split(rest, '\n')) {
    if (note.signatures.size() == kMostSignatures) return malformed("more than 100 signatures");
    PAWL_ASSIGN(NoteSignature signature, parse_signature(line));
    note.signatures.push_back(std::move(signature));
  }
  return note;
}

Result<Note> open_note(std::string_view bytes, const NoteVerifier& verifier) {
  PAWL_ASSIGN(Note note, parse_note(bytes));
  bool verified = false;
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != verifier.name || signature.hash != verifier.hash()) continue;
    if (verified) return malformed("two signatures of one key");
    if (!verifier.key.verify(note.text, signature.signature)) {
      return Error(ErrorCode::kIntegrity, "the signature of " + verifier.name + " does not verify");
    }
    verified = true;
  }
  if (!verified) return Error(ErrorCode::kIntegrity, "the note bears no signature of " + verifier.name);
  return note;
}

}  // namespace pawl::merkle

#include "core/model/statement.h"
#include "format/json.h"
#include "tests/fuzz/fuzz.h"

// Sigstore bundle, DSSE envelope and in-toto statement.

namespace pawl {
namespace {

const crypto::PrivateKey& trusted() {
  static const crypto::PrivateKey key = crypto::PrivateKey::ed25519_from_seed(std::string(32, 'k')).value();
  return key;
}

void run(const std::string& bytes) {
  const crypto::PublicKey& key = trusted().public_key();
  Result<model::VerifiedStatement> verified = model::verify_statement(bytes, {&key, 1});
  if (verified) check(verified->keys[0] == key, "what verified, verified under a trusted key");
  if (Result<std::string> kept = model::as_sigstore_bundle(bytes))
    check(model::as_sigstore_bundle(*kept).value() == *kept, "a bundle stays as it is");
  Result<model::Statement> statement = model::decode_statement(bytes);
  if (!statement) return;
  // A foreign predicate may hold numbers that canonical JSON cannot say; Pawl writes none such.
  if (!format::canonical_json(statement->predicate.root)) return;
  std::string encoded = model::encode_statement(*statement);
  Result<model::Statement> again = model::decode_statement(encoded);
  check(again.ok() && model::encode_statement(*again) == encoded, "a statement reads back as it was written");
  check(model::verify_statement(model::sign_statement(*statement, trusted()), {&key, 1}).ok(),
        "a signed statement verifies");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

#include "engine/records.h"

#include "core/model/referrer.h"

namespace pawl::engine {

Result<crypto::Digest> attach_record(World& world, const Context& context, ports::KeyRole role,
                                     const model::Statement& statement, const model::Descriptor& subject) {
  PAWL_ASSIGN(std::optional<crypto::PublicKey> key, world.signer->public_key(role));
  if (!key) return Error(ErrorCode::kNotFound, "there is no key to sign with", "pawl init");
  auto sign = [&](std::string_view pae) { return world.signer->sign(context, role, pae); };
  PAWL_ASSIGN(std::string record, model::sign_statement(statement, key->id(), sign));
  PAWL_ASSIGN(model::Descriptor manifest, world.blobs->attach(context, subject, model::kSigstoreBundleType, record));
  return manifest.digest;
}

Result<std::string> sign_as_person(World& world, const Context& context, const model::Statement& statement) {
  PAWL_ASSIGN(std::optional<crypto::PublicKey> key, world.signer->public_key(ports::KeyRole::kPersonal));
  if (!key)
    return Error(ErrorCode::kDenied, "a person signs this, and there is no key of yours",
                 "pawl key new, or PAWL_KEY=FILE");
  auto sign = [&](std::string_view pae) { return world.signer->sign(context, ports::KeyRole::kPersonal, pae); };
  return model::sign_statement(statement, key->id(), sign);
}

Result<std::string> read_record(World& world, const Context& context, const crypto::Digest& manifest) {
  PAWL_ASSIGN(std::string bytes, world.blobs->get(context, manifest));
  PAWL_ASSIGN(model::Referrer referrer, model::decode_referrer(std::move(bytes)));
  return world.blobs->get(context, referrer.record.digest);
}

Result<std::vector<crypto::PublicKey>> trusted_keys(World& world,
                                                    const std::map<std::string, std::vector<std::string>>& trust,
                                                    const std::string& role) {
  std::vector<crypto::PublicKey> keys;
  if (auto found = trust.find(role); found != trust.end()) {
    for (const std::string& pem : found->second) {
      PAWL_ASSIGN(crypto::PublicKey key, crypto::PublicKey::from_pem(pem));
      keys.push_back(key);
    }
    return keys;
  }
  PAWL_ASSIGN(std::optional<crypto::PublicKey> own, world.signer->public_key(ports::KeyRole::kRelease));
  if (own) keys.push_back(*own);
  return keys;
}

}  // namespace pawl::engine

#include "engine/request.h"

#include "engine/records.h"

namespace pawl::engine {

namespace {

model::Statement statement_of(const model::ProjectName& project, const Asked& asked, const std::string& nonce) {
  model::Statement statement{.predicate_type = std::string(model::kRequestPredicate)};
  format::Arena& arena = *statement.predicate.arena;
  statement.subjects.push_back({asked.environment.empty() ? project.str() : asked.environment, asked.subject});
  format::Value predicate = format::Value::map();
  predicate.set(arena, "verb", asked.verb);
  predicate.set(arena, "project", project.str());
  if (!asked.environment.empty()) predicate.set(arena, "environment", asked.environment);
  if (asked.plan) predicate.set(arena, "plan", asked.plan->str());
  if (asked.promotion) predicate.set(arena, "promotion", format::Value::integer(*asked.promotion));
  if (asked.until) predicate.set(arena, "until", render_time(*asked.until));
  predicate.set(arena, "nonce", nonce);
  predicate.set(arena, "reason", asked.reason);
  statement.predicate.root = predicate;
  return statement;
}

}  // namespace

Result<std::optional<crypto::Digest>> sign_request(World& world, const Context& context,
                                                   const model::ProjectName& project, const Asked& asked) {
  PAWL_ASSIGN(std::optional<crypto::PublicKey> key, world.signer->public_key(ports::KeyRole::kPersonal));
  if (!key) return std::optional<crypto::Digest>();
  model::Statement statement = statement_of(project, asked, crypto::sha256(world.entropy->bytes(32)).hex());
  PAWL_ASSIGN(std::string document, world.blobs->get(context, asked.subject));
  model::Descriptor subject = model::describe(model::kManifestType, document);
  PAWL_ASSIGN(crypto::Digest record, attach_record(world, context, ports::KeyRole::kPersonal, statement, subject));
  return std::optional<crypto::Digest>(record);
}

}  // namespace pawl::engine

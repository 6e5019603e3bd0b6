#include "engine/policy_statement.h"

#include "core/model/release.h"
#include "core/plan/summary.h"
#include "engine/records.h"

namespace pawl::engine {

namespace {

using format::Value;

// Who judged: the store's log by its name, which the verifier key begins with.
std::string verifier_of(const World& world) {
  return "https://pawl.dev/store/" + world.ledger_vkey.substr(0, world.ledger_vkey.find('+'));
}

Value map_of(format::Arena& arena, std::initializer_list<std::pair<std::string_view, std::string>> texts) {
  Value out = Value::map();
  for (const auto& [key, text] : texts) out.set(arena, key, text);
  return out;
}

}  // namespace

Result<crypto::Digest> attach_verdict(World& world, const Context& context, Time now,
                                      const model::Configuration& configuration, const model::Environment& environment,
                                      const plan::PromotionOpened& opened, const plan::GateAnswer& answer) {
  std::string place = configuration.project.str() + "/" + environment.name.str();
  bool passed = answer.state == plan::GateState::kPassed;
  model::Statement statement{.predicate_type = std::string(model::kVsaPredicate)};
  statement.subjects.push_back({place, opened.bundle});
  format::Arena& arena = *statement.predicate.arena;
  Value policy = map_of(arena, {{"uri", "pawl:" + place + "/policies"}});
  policy.set(arena, "digest", map_of(arena, {{"sha256", model::digest_of_policies(configuration, environment).hex()}}));
  Value levels = Value::list();
  if (passed) levels.push_back(arena, Value::string(arena, "PAWL_POLICIES"));
  Value predicate =
      map_of(arena, {{"timeVerified", render_time(now)},
                     {"resourceUri", plan::resource_uri(configuration.project.str(), environment.name, opened.bundle)},
                     {"verificationResult", passed ? "PASSED" : "FAILED"},
                     {"slsaVersion", "1.0"},
                     {"configuration", model::digest_of(configuration).str()},
                     {"plan", opened.plan.str()},
                     {"found", answer.found}});
  predicate.set(arena, "verifier", map_of(arena, {{"id", verifier_of(world)}}));
  predicate.set(arena, "policy", policy);
  predicate.set(arena, "verifiedLevels", levels);
  predicate.set(arena, "promotion", Value::integer(opened.number));
  statement.predicate.root = predicate;
  PAWL_ASSIGN(std::string document, world.blobs->get(context, opened.bundle));
  return attach_record(world, context, ports::KeyRole::kRelease, statement,
                       model::describe(model::kManifestType, document));
}

}  // namespace pawl::engine

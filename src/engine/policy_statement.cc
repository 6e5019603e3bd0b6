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

}  // namespace

Result<crypto::Digest> attach_verdict(World& world, const Context& context, Time now,
                                      const model::Configuration& configuration, const model::Environment& environment,
                                      const plan::PromotionOpened& opened, const plan::GateAnswer& answer) {
  std::string place = configuration.project.str() + "/" + environment.name.str();
  bool passed = answer.state == plan::GateState::kPassed;
  model::Statement statement{.predicate_type = std::string(model::kVsaPredicate)};
  statement.subjects.push_back({place, opened.bundle});
  format::Arena& arena = *statement.predicate.arena;
  auto text = [&](std::string_view x) { return Value::string(arena, x); };
  std::string policies = model::digest_of_policies(configuration, environment).hex();
  Value levels = Value::list();
  if (passed) levels.push_back(arena, text("PAWL_POLICIES"));
  statement.predicate.root = format::map_of(
      arena, {{"timeVerified", text(render_time(now))},
              {"resourceUri", text(plan::resource_uri(configuration.project.str(), environment.name, opened.bundle))},
              {"verificationResult", text(passed ? "PASSED" : "FAILED")},
              {"slsaVersion", text("1.0")},
              {"configuration", text(model::digest_of(configuration).str())},
              {"plan", text(opened.plan.str())},
              {"found", text(answer.found)},
              {"verifier", format::map_of(arena, {{"id", text(verifier_of(world))}})},
              {"policy", format::map_of(arena, {{"uri", text("pawl:" + place + "/policies")},
                                                {"digest", format::map_of(arena, {{"sha256", text(policies)}})}})},
              {"verifiedLevels", levels},
              {"promotion", Value::integer(opened.number)}});
  PAWL_ASSIGN(std::string document, world.blobs->get(context, opened.bundle));
  return attach_record(world, context, ports::KeyRole::kRelease, statement,
                       model::describe(model::kManifestType, document));
}

}  // namespace pawl::engine

#include "engine/configure.h"

#include <algorithm>
#include <tuple>

#include "core/model/release.h"
#include "core/plan/authorize.h"
#include "engine/facts.h"
#include "engine/policies.h"
#include "engine/request.h"
#include "engine/verbs.h"
#include "format/json.h"

namespace pawl::engine {

namespace {

std::string canonical(const model::Configuration& configuration) {
  format::Arena arena;
  return format::canonical_json(model::encode(configuration, arena)).value();
}

Result<std::optional<crypto::Digest>> in_force(World& world, const Context& context,
                                               const model::ProjectName& project) {
  std::optional<crypto::Digest> out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(plan::ProjectState state, moment.records.load<plan::ProjectState>(plan::key::project(project)));
    out = state.configuration;
    return {};
  }));
  return out;
}

Result<std::optional<model::Configuration>> read_if_any(World& world, const Context& context,
                                                        const std::optional<crypto::Digest>& digest) {
  if (!digest) return std::optional<model::Configuration>();
  PAWL_ASSIGN(model::Configuration configuration, read_configuration(world, context, *digest));
  return std::optional<model::Configuration>(std::move(configuration));
}

}  // namespace

Result<crypto::Digest> store_configuration(World& world, const Context& context, const Wanted& wanted) {
  const model::Configuration& configuration = wanted.project.configuration;
  PAWL_TRY(check_policies(world, configuration, wanted_policy_files(wanted)));
  for (const std::string& tar : wanted.tars) PAWL_TRY(world.blobs->put(context, model::kFilesType, tar));
  PAWL_ASSIGN(model::Descriptor blob,
              world.blobs->put(context, "application/vnd.pawl.configuration.v1+json", canonical(configuration)));
  return blob.digest;
}

Status put_into_force(Writing& writing, const model::Configuration& configuration, bool takeover,
                      std::optional<crypto::Digest> request) {
  PAWL_ASSIGN(plan::ProjectState state,
              writing.records().load<plan::ProjectState>(plan::key::project(configuration.project)));
  return writing.append(
      plan::ConfigurationApplied{model::digest_of(configuration), state.configuration, takeover, request});
}

Result<std::string> take_over_configuration(World& world, const Context& context) {
  if (!world.workspace) return std::string();
  PAWL_ASSIGN(Wanted found, read_wanted(world, context));
  const model::Configuration& wanted = found.project.configuration;
  world.project = wanted.project.str();
  PAWL_ASSIGN(std::optional<crypto::Digest> current, in_force(world, context, wanted.project));
  crypto::Digest digest = model::digest_of(wanted);
  if (current == digest) return std::string();
  PAWL_ASSIGN(std::optional<model::Configuration> before, read_if_any(world, context, current));
  if (before && !before->people.empty()) {
    return std::string(
        "pawl.yaml differs from the configuration in force, which holds until somebody applies it: pawl apply");
  }
  PAWL_TRY(store_configuration(world, context, found));
  PAWL_TRY(write(world, context, wanted.project,
                 [&](Writing& writing) { return put_into_force(writing, wanted, before.has_value(), std::nullopt); }));
  if (!before) return std::string();
  return "pawl.yaml changed, and its configuration is in force now (" + digest.brief() + ")";
}

std::string take_over_if_readable(World& world, const Context& context) {
  Result<std::string> said = take_over_configuration(world, context);
  if (said) return std::move(*said);
  return "pawl.yaml was left aside, the configuration in force holds: " + said.error().text();
}

namespace {

template <class T, class Name>
void compare_named(const std::vector<T>& before, const std::vector<T>& after, const std::string& what, Name name,
                   auto equal, std::vector<std::string>& out) {
  auto find = [&](const std::vector<T>& in, const T& wanted) {
    return std::find_if(in.begin(), in.end(), [&](const T& x) { return name(x) == name(wanted); });
  };
  for (const T& old : before) {
    if (find(after, old) == after.end()) out.push_back("- " + what + " " + name(old));
  }
  for (const T& fresh : after) {
    auto old = find(before, fresh);
    if (old == before.end())
      out.push_back("+ " + what + " " + name(fresh));
    else if (!equal(*old, fresh))
      out.push_back("~ " + what + " " + name(fresh));
  }
}

bool same_environment(const model::Environment& a, const model::Environment& b) {
  auto parts = [](const model::Environment& x) {
    return std::tie(x.purpose, x.labels, x.promotes_from, x.target, x.gates, x.allowed_changes, x.verification,
                    x.auto_promote, x.rollback_on_failure, x.rollback_obeys, x.allow);
  };
  return parts(a) == parts(b);
}

}  // namespace

std::vector<std::string> differences(const std::optional<model::Configuration>& before,
                                     const model::Configuration& after) {
  std::vector<std::string> out;
  model::Configuration none;
  const model::Configuration& old = before ? *before : none;
  compare_named(
      old.environments, after.environments, "environment", [](const auto& e) { return e.name.str(); }, same_environment,
      out);
  compare_named(
      old.people, after.people, "person", [](const auto& p) { return p.name.str(); },
      [](const auto& a, const auto& b) { return a.keys == b.keys && a.subjects == b.subjects; }, out);
  auto equal = [](const auto& a, const auto& b) { return a == b; };
  auto named = [](const auto& x) { return x.name; };
  compare_named(old.policies, after.policies, "policies", named, equal, out);
  compare_named(old.policy_bindings, after.policy_bindings, "policy binding", named, equal, out);
  if (old.exceptions != after.exceptions) out.push_back("~ exceptions");
  if (old.groups != after.groups) out.push_back("~ groups");
  if (old.allow != after.allow) out.push_back("~ allow");
  if (old.trust.roles != after.trust.roles) out.push_back("~ trust");
  return out;
}

namespace {

// The rules of the revision in force decide, not those that are to come: asked again in the transaction that ends it.
Status bring_in(World& world, const Context& context, const Wanted& found,
                const std::optional<crypto::Digest>& current) {
  const model::Configuration& wanted = found.project.configuration;
  PAWL_TRY(store_configuration(world, context, found));
  PAWL_ASSIGN(std::optional<crypto::Digest> request,
              sign_request(world, context, wanted.project, {"apply", "", model::digest_of(wanted), ""}));
  return write(world, context, wanted.project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(plan::ProjectState state,
                writing.records().load<plan::ProjectState>(plan::key::project(wanted.project)));
    if (state.configuration != current)
      return Error(ErrorCode::kConflict, "another configuration came into force meanwhile",
                   "look at it, then try again");
    PAWL_ASSIGN(std::optional<model::Configuration> before, read_if_any(world, context, current));
    if (before) PAWL_TRY(plan::authorize(*before, writing.actor(), "apply", nullptr));
    return put_into_force(writing, wanted, false, request);
  });
}

}  // namespace

Result<api::ApplyResponse> apply(World& world, const Context& context, const api::ApplyRequest& request) {
  PAWL_ASSIGN(Wanted found, read_wanted(world, context));
  const model::Configuration& wanted = found.project.configuration;
  world.project = wanted.project.str();
  PAWL_ASSIGN(std::optional<crypto::Digest> current, in_force(world, context, wanted.project));
  PAWL_ASSIGN(std::optional<model::Configuration> before, read_if_any(world, context, current));
  api::ApplyResponse out;
  out.configuration = model::digest_of(wanted).str();
  out.previous = current ? current->str() : "";
  out.changed = current != model::digest_of(wanted);
  out.changes = differences(before, wanted);
  if (out.changed) PAWL_TRY(check_policies(world, wanted, wanted_policy_files(found)));
  if (!out.changed || request.dry_run) return out;
  PAWL_ASSIGN(model::Actor actor, current_actor(world));
  if (before) PAWL_TRY(plan::authorize(*before, actor, "apply", nullptr));
  PAWL_TRY(bring_in(world, context, found, current));
  return out;
}

}  // namespace pawl::engine

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/model/parameter_schema.h"
#include "core/model/parse.h"

namespace pawl::model {

using format::Member;
using format::Value;

namespace {

// `over` on top of `base`: maps merge, everything else replaces.
Value merge(format::Arena& arena, const Value& base, const Value& over) {
  if (!base.is_map() || !over.is_map()) return over;
  Value out = Value::map();
  out.set_at(over.at());
  for (const Member& member : base.members()) {
    if (over.find(member.key) == nullptr) out.append_member(arena, member.key, member.value, member.key_at);
  }
  for (const Member& member : over.members()) {
    const Value* below = base.find(member.key);
    Value value = below == nullptr ? member.value : merge(arena, *below, member.value);
    out.append_member(arena, member.key, value, member.key_at);
  }
  return out;
}

// As merge(), but a field that is a choice (`target`) replaces.
Value with_defaults(format::Arena& arena, const Value& defaults, const Value& environment) {
  Value base = Value::map();
  for (const Member& member : defaults.members()) {
    const FieldDefinition* definition = find_definition("environments." + std::string(member.key));
    bool is_choice = definition != nullptr && definition->type == FieldType::kUnion;
    if (is_choice && environment.find(member.key) != nullptr) continue;
    base.append_member(arena, member.key, member.value, member.key_at);
  }
  return merge(arena, base, environment);
}

Target parse_target(FieldReader& reader, const Node& node) {
  auto member = reader.union_member(node);
  if (!member) return DirectoryTarget{};
  auto& [kind, at] = *member;
  if (kind == "directory") {
    DirectoryTarget target{reader.text(node, "directory")};
    if (at.value->is_string()) target.path = checked_path(reader, *at.value, target.path, at.where, true);
    return target;
  }
  if (!reader.open(at)) return GitTarget{};
  GitTarget target{reader.text(at, "url"), reader.text(at, "branch"), reader.text(at, "path")};
  if (!target.path.empty())
    target.path = checked_path(reader, *at.value->find("path"), target.path, at.where + ".path");
  return target;
}

Gate parse_approval(FieldReader& reader, const Node& node) {
  ApprovalGate gate;
  if (!reader.open(node)) return gate;
  gate.count = reader.count(node, "count", 1);
  gate.from = reader.texts(node, "from");
  if (reader.field(node, "expires") != nullptr) gate.expires = reader.duration(node, "expires");
  return gate;
}

Gate parse_window(FieldReader& reader, const Node& node) {
  WindowGate gate;
  if (!reader.open(node)) return gate;
  gate.schedule = reader.text(node, "schedule");
  gate.duration = reader.duration(node, "duration");
  gate.time_zone = reader.text(node, "timeZone", "UTC");
  gate.deny = reader.flag(node, "deny", false);
  return gate;
}

std::optional<Gate> parse_gate(FieldReader& reader, const Node& node) {
  auto member = reader.union_member(node);
  if (!member) return std::nullopt;
  auto& [kind, at] = *member;
  if (kind == "soak") return SoakGate{reader.duration(node, "soak")};
  if (kind == "approval") return parse_approval(reader, at);
  if (kind == "window") return parse_window(reader, at);
  if (kind == "policy") return PolicyGate{reader.text(node, "policy", "bound") == "required"};
  if (kind == "evidence") return parse_evidence(reader, at);
  if (kind == "external") return parse_external(reader, at);
  return UpstreamGate{reader.text(node, "upstream", "all") == "any" ? UpstreamRule::kAny : UpstreamRule::kAll};
}

std::optional<AllowedChanges> parse_allowed_changes(FieldReader& reader, const Node& environment) {
  Node node = reader.child(environment, "allowedChanges");
  if (node.value == nullptr || !reader.open(node)) return std::nullopt;
  AllowedChanges allowed{reader.texts(node, "kinds"), reader.texts(node, "namespaces"), reader.texts(node, "fields"),
                         reader.texts(node, "changes"), std::nullopt};
  if (reader.field(node, "most") != nullptr) allowed.most = reader.count(node, "most", 0);
  return allowed;
}

Check parse_check(FieldReader& reader, const Node& node) {
  Check check;
  if (!reader.open(node)) return check;
  check.name = reader.text(node, "name");
  check.command = reader.texts(node, "command");
  check.timeout = reader.duration(node, "timeout", check.timeout);
  const Value* command = node.value->find("command");
  if (command != nullptr && check.command.empty())
    reader.error(*command, "command", fmt::format("{}.command is empty", node.where));
  return check;
}

// Variables in the target are replaced here: where a bundle goes is configuration, and no rendering comes after it.
std::optional<Value> with_variables(FieldReader& reader, const Value& target, const std::string& name,
                                    const Content& content, const Value* own_parameters) {
  Value parameters = schema_defaults(*content.arena, content.parameter_schema);
  for (const Value* above : {&content.parameters, own_parameters}) {
    if (above != nullptr && !above->is_null()) parameters = merge(*content.arena, parameters, *above);
  }
  Result<Value> replaced = substitute(*content.arena, target, {name, parameters});
  if (replaced) return *replaced;
  for (const Diagnostic& d : replaced.error().diagnostics) reader.error(d.at, d.length, d.code, d.summary, {}, d.help);
  return std::nullopt;
}

void parse_fields(FieldReader& reader, const Node& node, Environment& environment) {
  environment.purpose = reader.text(node, "purpose");
  environment.labels = reader.strings(node, "labels");
  for (std::string& from : reader.texts(node, "promotesFrom")) environment.promotes_from.emplace_back(std::move(from));
  for (const Node& gate : reader.maps(node, "gates")) {
    if (std::optional<Gate> parsed = parse_gate(reader, gate)) environment.gates.push_back(std::move(*parsed));
  }
  environment.allowed_changes = parse_allowed_changes(reader, node);
  for (const Node& check : reader.maps(node, "verification"))
    environment.verification.push_back(parse_check(reader, check));
  environment.auto_promote = reader.flag(node, "autoPromote", false);
  environment.rollback_on_failure = reader.text(node, "onFailure", "nothing") == "rollback";
  environment.rollback_obeys = reader.texts(node, "rollbackObeys");
  environment.allow = reader.lists(node, "allow");
}

}  // namespace

void parse_environment(FieldReader& reader, const Node& given, const Value* defaults, Draft& draft) {
  format::Arena& arena = *draft.content.arena;
  Node node = given;
  Value merged = *given.value;
  if (defaults != nullptr && given.value->is_map()) merged = with_defaults(arena, *defaults, *given.value);
  node.value = &merged;
  reader.stand_in(given.value->at());
  if (!reader.open(node)) return;
  Environment environment;
  environment.at = given.value->at();
  environment.name = EnvironmentName(reader.text(node, "name"));
  const Value* parameters = node.value->find("parameters");
  if (parameters != nullptr && !parameters->is_map()) parameters = nullptr;
  if (const Value* target = node.value->find("target")) {
    if (auto replaced = with_variables(reader, *target, environment.name.str(), draft.content, parameters)) {
      environment.target = parse_target(reader, {&*replaced, node.where + ".target", "environments.target"});
    }
  }
  parse_fields(reader, node, environment);
  draft.content.environments.push_back(
      {environment.name, parameters == nullptr ? Value::null() : parameters->clone(arena)});
  draft.configuration.environments.push_back(std::move(environment));
  draft.read.push_back({&reader, merged});
}

}  // namespace pawl::model

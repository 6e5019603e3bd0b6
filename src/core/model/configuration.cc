#include "core/model/configuration.h"

#include <algorithm>
#include <functional>
#include <set>

#include "core/model/content.h"
#include "format/codec.h"

namespace pawl::model {

using format::Arena;
using format::Value;

std::string_view name_of(const Gate& gate) {
  return std::visit(overloaded{[](const UpstreamGate&) { return std::string_view("upstream"); },
                               [](const SoakGate&) { return std::string_view("soak"); },
                               [](const ApprovalGate&) { return std::string_view("approval"); },
                               [](const WindowGate&) { return std::string_view("window"); },
                               [](const EvidenceGate&) { return std::string_view("evidence"); },
                               [](const ExternalGate&) { return std::string_view("external"); },
                               [](const PolicyGate&) { return std::string_view("policy"); }},
                    gate);
}

std::string_view name_of(EvidenceSubject subject) {
  switch (subject) {
    case EvidenceSubject::kBundle:
      return "bundle";
    case EvidenceSubject::kRelease:
      return "release";
    case EvidenceSubject::kSnapshot:
      return "snapshot";
    case EvidenceSubject::kImage:
      return "image";
  }
  return "";
}

std::string_view name_of(UpstreamRule rule) { return rule == UpstreamRule::kAll ? "all" : "any"; }

std::string identity(const Target& target) {
  return std::visit(
      overloaded{[](const DirectoryTarget& x) { return x.path.empty() ? std::string() : "directory:" + x.path; },
                 [](const GitTarget& x) { return "git:" + x.url + "#" + x.branch + "/" + x.path; }},
      target);
}

const Environment* Configuration::find(const EnvironmentName& name) const {
  auto found =
      std::find_if(environments.begin(), environments.end(), [&](const Environment& e) { return e.name == name; });
  return found == environments.end() ? nullptr : &*found;
}

std::vector<const Environment*> Configuration::in_pipeline_order() const {
  std::vector<const Environment*> out;
  std::set<EnvironmentName> placed;
  std::function<void(const Environment&)> place = [&](const Environment& environment) {
    if (!placed.insert(environment.name).second) return;
    for (const EnvironmentName& from : environment.promotes_from) {
      if (const Environment* upstream = find(from)) place(*upstream);
    }
    out.push_back(&environment);
  };
  for (const Environment& environment : environments) place(environment);
  return out;
}

std::vector<Gate> effective_gates(const Environment& environment) {
  std::vector<Gate> gates;
  bool written = std::any_of(environment.gates.begin(), environment.gates.end(),
                             [](const Gate& gate) { return std::holds_alternative<UpstreamGate>(gate); });
  if (!environment.promotes_from.empty() && !written) gates.emplace_back(UpstreamGate{});
  gates.insert(gates.end(), environment.gates.begin(), environment.gates.end());
  return gates;
}

// Fields of the small structs, for both directions.
template <class V>
void fields(V& v, SoakGate& x) {
  v("timeMs", x.time);
}
template <class V>
void fields(V& v, ApprovalGate& x) {
  v("count", x.count);
  v("expiresMs", x.expires);
  v("from", x.from);
}
template <class V>
void fields(V& v, WindowGate& x) {
  v("deny", x.deny);
  v("durationMs", x.duration);
  v("schedule", x.schedule);
  v("timeZone", x.time_zone);
}
template <class V>
void fields(V& v, PolicyGate& x) {
  v("required", x.required);
}
template <class V>
void fields(V& v, AllowedChanges& x) {
  v("changes", x.changes);
  v("fields", x.fields);
  v("kinds", x.kinds);
  v("most", x.most);
  v("namespaces", x.namespaces);
}
template <class V>
void fields(V& v, PolicySource& x) {
  v("digest", x.digest);
  v("from", x.from);
  v("name", x.name);
  v("version", x.version);
}
template <class V>
void fields(V& v, PolicyBinding& x) {
  v("actions", x.actions);
  v("environments", x.environments);
  v("name", x.name);
  v("params", x.params);
  v("policy", x.policy);
}
template <class V>
void fields(V& v, ExceptionRules& x) {
  v("count", x.count);
  v("from", x.from);
  v("longestMs", x.longest);
}
template <class V>
void fields(V& v, SecretSource& x) {
  v("environment", x.environment);
  v("file", x.file);
}
template <class V>
void fields(V& v, ExternalGate& x) {
  v("name", x.name);
  v("retries", x.retries);
  v("secretFrom", x.secret);
  v("timeoutMs", x.timeout);
  v("url", x.url);
}
template <class V>
void fields(V& v, DirectoryTarget& x) {
  v("path", x.path);
}
template <class V>
void fields(V& v, GitTarget& x) {
  v("branch", x.branch);
  v("path", x.path);
  v("url", x.url);
}
template <class V>
void fields(V& v, Check& x) {
  v("command", x.command);
  v("name", x.name);
  v("timeoutMs", x.timeout);
}
template <class V>
void fields(V& v, Person& x) {
  v("keys", x.keys);
  v("name", x.name);
  v("subjects", x.subjects);
}

}  // namespace pawl::model

namespace pawl::format {

template <>
struct EnumValues<model::UpstreamRule> {
  static constexpr std::array kAll = {model::UpstreamRule::kAll, model::UpstreamRule::kAny};
};
template <>
struct EnumValues<model::EvidenceSubject> {
  static constexpr std::array kAll = {model::EvidenceSubject::kBundle, model::EvidenceSubject::kRelease,
                                      model::EvidenceSubject::kSnapshot, model::EvidenceSubject::kImage};
};

template <>
struct Blank<model::PolicySource> {
  static model::PolicySource make() { return {.digest = Blank<crypto::Digest>::make()}; }
};

}  // namespace pawl::format

namespace pawl::model {

template <class V>
void fields(V& v, UpstreamGate& x) {
  v("rule", x.rule);
}
template <class V>
void fields(V& v, EvidenceGate& x) {
  v("condition", x.condition);
  v("count", x.count);
  v("from", x.from);
  v("levels", x.levels);
  v("maxAgeMs", x.max_age);
  v("predicateType", x.predicate_type);
  v("resourceUri", x.resource_uri);
  v("subject", x.subject);
  v("verifier", x.verifier);
}

namespace {

// A one-key map: the alternative's name and its fields.
template <class T>
Value one_key(Arena& arena, std::string_view key, const T& x) {
  Value out = Value::map();
  out.set(arena, key, format::to_value(arena, x));
  return out;
}

Value encode_gate(Arena& arena, const Gate& gate) {
  return std::visit([&](const auto& x) { return one_key(arena, name_of(gate), x); }, gate);
}

template <class T, class Sum>
Result<Sum> decode_as(const Value& value) {
  T out{};
  PAWL_TRY(format::from_value(value, out));
  return Sum(std::move(out));
}

Result<Gate> decode_gate(const Value& value) {
  if (value.size() == 1 && value.is_map()) {
    const auto& [key, body, at] = value.members()[0];
    if (key == "upstream") return decode_as<UpstreamGate, Gate>(body);
    if (key == "soak") return decode_as<SoakGate, Gate>(body);
    if (key == "approval") return decode_as<ApprovalGate, Gate>(body);
    if (key == "window") return decode_as<WindowGate, Gate>(body);
    if (key == "policy") return decode_as<PolicyGate, Gate>(body);
    if (key == "evidence") return decode_as<EvidenceGate, Gate>(body);
    if (key == "external") return decode_as<ExternalGate, Gate>(body);
  }
  return Error(ErrorCode::kInvalid, "a gate of no known kind",
               "a newer pawl wrote this configuration; use that version");
}

Value encode_target(Arena& arena, const Target& target) {
  return std::visit(overloaded{[&](const DirectoryTarget& x) { return one_key(arena, "directory", x); },
                               [&](const GitTarget& x) { return one_key(arena, "git", x); }},
                    target);
}

Result<Target> decode_target(const Value& value) {
  if (value.size() == 1 && value.is_map()) {
    const auto& [key, body, at] = value.members()[0];
    if (key == "directory") return decode_as<DirectoryTarget, Target>(body);
    if (key == "git") return decode_as<GitTarget, Target>(body);
  }
  return Error(ErrorCode::kInvalid, "a target of no known kind",
               "a newer pawl wrote this configuration; use that version");
}

Value encode_environment(Arena& arena, const Environment& x) {
  Value gates = Value::list();
  for (const Gate& gate : x.gates) gates.push_back(arena, encode_gate(arena, gate));
  format::Encoder e(arena);
  e("allow", x.allow);
  e("allowedChanges", x.allowed_changes);
  e("autoPromote", x.auto_promote ? std::optional(true) : std::nullopt);
  e("gates", gates);
  e("labels", x.labels);
  e("name", x.name);
  e("promotesFrom", x.promotes_from);
  e("purpose", x.purpose);
  e("rollbackObeys", x.rollback_obeys);
  e("rollbackOnFailure", x.rollback_on_failure);
  e("target", encode_target(arena, x.target));
  e("verification", x.verification);
  return e.take();
}

Status decode_parts(const Value& value, Environment& x) {
  const Value* target = value.find("target");
  const Value* gates = value.find("gates");
  if (target == nullptr || gates == nullptr || !gates->is_list())
    return Error(ErrorCode::kInvalid, "an environment without target or gates");
  PAWL_ASSIGN(x.target, decode_target(*target));
  for (const Value& item : gates->items()) {
    PAWL_ASSIGN(Gate gate, decode_gate(item));
    x.gates.push_back(std::move(gate));
  }
  return {};
}

Result<Environment> decode_environment(const Value& given, Arena& arena) {
  Environment x;
  PAWL_TRY(decode_parts(given, x));
  Value value = given.clone(arena);
  value.erase("target");
  value.erase("gates");
  std::optional<bool> auto_promote;
  format::Decoder d(value);
  d("allow", x.allow);
  d("allowedChanges", x.allowed_changes);
  d("autoPromote", auto_promote);
  d("labels", x.labels);
  d("name", x.name);
  d("promotesFrom", x.promotes_from);
  d("purpose", x.purpose);
  d("rollbackObeys", x.rollback_obeys);
  d("rollbackOnFailure", x.rollback_on_failure);
  d("verification", x.verification);
  PAWL_TRY(d.finish());
  x.auto_promote = auto_promote.value_or(false);
  if (!is_dns_label(x.name.str())) {
    return Error(ErrorCode::kInvalid,
                 "a configuration with an environment named \"" + x.name.str().substr(0, 80) + "\"");
  }
  return x;
}

std::map<std::string, std::vector<PersonName>> by_text(const std::map<GroupName, std::vector<PersonName>>& groups) {
  std::map<std::string, std::vector<PersonName>> out;
  for (const auto& [name, members] : groups) out.emplace(name.str(), members);
  return out;
}

// A list that is written only where it holds something: what says nothing about policies keeps its digest.
template <class T>
std::optional<std::vector<T>> if_any(const std::vector<T>& list) {
  return list.empty() ? std::nullopt : std::optional(list);
}

}  // namespace

Value encode(const Configuration& x, Arena& arena) {
  Value environments = Value::list();
  for (const Environment& environment : x.environments)
    environments.push_back(arena, encode_environment(arena, environment));
  format::Encoder e(arena);
  e("allow", x.allow);
  e("environments", environments);
  e("exceptions", x.exceptions);
  e("format", std::string("1"));
  e("groups", by_text(x.groups));
  e("people", x.people);
  e("policies", if_any(x.policies));
  e("policyBindings", if_any(x.policy_bindings));
  e("project", x.project);
  e("trust", x.trust.roles);
  return e.take();
}

Result<Configuration> decode_configuration(const Value& value) {
  Arena arena;
  Configuration x;
  const Value* environments = value.find("environments");
  if (environments == nullptr || !environments->is_list())
    return Error(ErrorCode::kInvalid, "a configuration without environments");
  if (value.string_at("format") != "1") {
    return Error(ErrorCode::kInvalid, "a configuration of a format that is not known",
                 "a newer pawl wrote it; use that version");
  }
  if (environments->size() > kMostEnvironments) {
    return Error(ErrorCode::kInvalid, "a configuration of " + std::to_string(environments->size()) + " environments");
  }
  for (const Value& item : environments->items()) {
    PAWL_ASSIGN(Environment environment, decode_environment(item, arena));
    x.environments.push_back(std::move(environment));
  }
  Value rest = value.clone(arena);
  rest.erase("environments");
  rest.erase("format");
  std::map<std::string, std::vector<PersonName>> groups;
  std::optional<std::vector<PolicySource>> policies;
  std::optional<std::vector<PolicyBinding>> bindings;
  format::Decoder d(rest);
  d("allow", x.allow);
  d("exceptions", x.exceptions);
  d("groups", groups);
  d("people", x.people);
  d("policies", policies);
  d("policyBindings", bindings);
  d("project", x.project);
  d("trust", x.trust.roles);
  PAWL_TRY(d.finish());
  x.policies = std::move(policies).value_or(std::vector<PolicySource>());
  x.policy_bindings = std::move(bindings).value_or(std::vector<PolicyBinding>());
  for (auto& [name, members] : groups) x.groups.emplace(GroupName(name), std::move(members));
  return x;
}

crypto::Digest digest_of(const Configuration& configuration) {
  Arena arena;
  return crypto::sha256(format::canonical_json(encode(configuration, arena)).value());
}

namespace {

std::vector<PolicyBinding> bindings_in(const Configuration& configuration, const Environment& environment) {
  std::vector<PolicyBinding> out;
  for (const PolicyBinding& binding : configuration.policy_bindings) {
    if (selects(binding.environments, environment)) out.push_back(binding);
  }
  return out;
}

}  // namespace

crypto::Digest digest_of_effective(const Configuration& configuration, const Environment& environment) {
  Environment effective = environment;
  effective.purpose.clear();
  effective.auto_promote = false;  // who asks is no part of what is asked
  // Labels decide which policies hold, and nothing else.
  if (configuration.policies.empty()) effective.labels.clear();
  effective.gates = effective_gates(environment);
  effective.allow.insert(configuration.allow.begin(), configuration.allow.end());  // its own entries stay
  effective.allow.erase("apply");
  std::vector<PolicyBinding> bindings = bindings_in(configuration, environment);
  Arena arena;
  Value document = encode_environment(arena, effective);
  if (!configuration.policies.empty()) document.set(arena, "policies", format::to_value(arena, configuration.policies));
  if (!bindings.empty()) document.set(arena, "policyBindings", format::to_value(arena, bindings));
  return crypto::sha256(format::canonical_json(document).value());
}

crypto::Digest digest_of_policies(const Configuration& configuration, const Environment& environment) {
  Arena arena;
  format::Encoder e(arena);
  e("allowedChanges", environment.allowed_changes);
  e("bindings", bindings_in(configuration, environment));
  e("labels", environment.labels);
  e("policies", configuration.policies);
  return crypto::sha256(format::canonical_json(e.take()).value());
}

bool selects(const std::map<std::string, std::string>& labels, const Environment& environment) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    auto found = environment.labels.find(label.first);
    return found != environment.labels.end() && found->second == label.second;
  });
}

crypto::Digest digest_of_checks(const Environment& environment) {
  return crypto::sha256(format::to_canonical(environment.verification));
}

}  // namespace pawl::model

#include "engine/policies.h"

#include <algorithm>

#include "base/text.h"
#include "core/policy/library.h"
#include "core/policy/params.h"
#include "core/policy/read.h"
#include "engine/policy_files.h"
#include "engine/policy_texts.h"
#include "format/codec.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::engine {

namespace {

using format::Value;

constexpr std::string_view kChangeBudget = "change-budget";
constexpr std::string_view kAllowedChanges = "allowed-changes";

// A rule that is passed over for its misspelt kind would hold nothing back.
bool is_object(const Value& document) {
  bool whole = !document.string_at("apiVersion").empty() && !document.string_at("kind").empty();
  bool admission = document.string_at("kind").starts_with("ValidatingAdmissionPolicy");
  return whole && (!admission || policy::is_policy(document) || policy::is_binding(document) ||
                   document.string_at("kind").ends_with("List"));
}

std::string params_of(const model::AllowedChanges& allowed) {
  format::Arena arena;
  format::Encoder e(arena);
  auto limit = [&](std::string_view key, const std::vector<std::string>& words) {
    if (!words.empty()) e(key, words);
  };
  limit("changes", allowed.changes);
  limit("fields", allowed.fields);
  limit("kinds", allowed.kinds);
  if (allowed.most) e("most", *allowed.most);
  limit("namespaces", allowed.namespaces);
  return format::canonical_json(e.take()).value();
}

// The bindings of the configuration that hold here, and what `allowedChanges` stands for.
std::vector<model::PolicyBinding> bindings_of(const model::Configuration& configuration,
                                              const model::Environment& environment) {
  std::vector<model::PolicyBinding> out;
  for (const model::PolicyBinding& binding : configuration.policy_bindings) {
    if (model::selects(binding.environments, environment)) out.push_back(binding);
  }
  if (!environment.allowed_changes) return out;
  out.push_back({std::string(kAllowedChanges),
                 std::string(kChangeBudget),
                 {},
                 params_of(*environment.allowed_changes),
                 {"Deny"}});
  return out;
}

// Everything that is there to be bound. A copy shares what was read.
class Shelf {
 public:
  explicit Shelf(World& world) {
    made_.arena = std::make_shared<format::Arena>();
    made_.zones = std::make_shared<ExpressionZones>(world.zones);
  }

  void add_files(const model::PolicySource& source, const format::FileTree& tree) {
    for (const format::TreeFile& file : tree) {
      if (is_text_of_objects(file.path)) add_text(source.from + "/" + file.path, file.bytes);
    }
    for (const policy::Policy& policy : policies_) refuse_built_in(policy.name, source.from);
  }

  // A policy that no file has is looked for among the built-in ones.
  void add_built_in(const std::string& name) {
    const policy::LibraryPolicy* known = policy::find_library_policy(name);
    if (known != nullptr && find(name) == nullptr) add_text("library/" + name, std::string(known->text));
  }

  void bind(const model::PolicyBinding& wanted) {
    policy::Binding binding{.name = wanted.name, .policy = wanted.policy};
    for (const std::string& word : wanted.actions) {
      if (auto action = policy::action_named(word)) binding.actions.push_back(*action);
    }
    if (const policy::Policy* found = find(wanted.policy)) give_params(wanted, *found, binding);
    bindings_.push_back(std::move(binding));
  }

  Result<PoliciesInForce> take(const model::Environment& environment) && {
    if (!faults_.empty()) return invalid_files(std::move(faults_));
    std::erase_if(bindings_,
                  [&](const policy::Binding& binding) { return !model::selects(binding.environments, environment); });
    PAWL_ASSIGN(made_.set, policy::PolicySet::make(std::move(policies_), std::move(bindings_)));
    return std::move(made_);
  }

 private:
  const policy::Policy* find(const std::string& name) const {
    auto found = std::find_if(policies_.begin(), policies_.end(), [&](const auto& p) { return p.name == name; });
    return found == policies_.end() ? nullptr : &*found;
  }

  // What is bound by a built-in name is what everybody knows by it.
  void refuse_built_in(const std::string& name, const std::string& where) {
    if (policy::find_library_policy(name) == nullptr) return;
    note(Error(ErrorCode::kInvalid, "a policy is named \"" + name + "\", as a built-in one is", "give it another name"),
         where);
  }

  void note(Error error, const std::string& where) {
    if (error.diagnostics.empty()) {
      Diagnostic made;
      made.file = where;
      made.code = "policy";
      made.summary = error.message;
      made.help = error.hint;
      error.diagnostics.push_back(std::move(made));
    }
    for (Diagnostic& diagnostic : error.diagnostics) faults_.push_back(std::move(diagnostic));
  }

  void add_text(const std::string& name, const std::string& text) {
    Result<std::vector<Value>> documents = format::parse_yaml(*made_.arena, text, {.file = name});
    if (!documents) return note(std::move(documents).error(), name);
    std::erase_if(*documents, [](const Value& document) { return document.is_null() || is_aside(document); });
    for (const Value& document : *documents) {
      if (is_object(document)) continue;
      Diagnostic made{.file = name, .at = document.at(), .code = "kind"};
      made.summary = "neither a policy nor another object of Kubernetes";
      made.snippet = line_of(text, made.at.line);
      made.help = "apiVersion: admissionregistration.k8s.io/v1";
      faults_.push_back(std::move(made));
    }
    Result<policy::PolicyDocuments> read =
        policy::read_documents(*documents, {.file = name, .text = text, .zones = made_.zones.get()});
    if (!read) return note(std::move(read).error(), name);
    std::move(read->policies.begin(), read->policies.end(), std::back_inserter(policies_));
    std::move(read->bindings.begin(), read->bindings.end(), std::back_inserter(bindings_));
    made_.others.insert(made_.others.end(), read->others.begin(), read->others.end());
  }

  // Params of pawl.yaml become an object like any other that rules read.
  void give_params(const model::PolicyBinding& wanted, const policy::Policy& policy, policy::Binding& binding) {
    std::string where = "policyBindings." + wanted.name;
    if (!policy.param_kind) {
      if (!wanted.params.empty()) note(Error(ErrorCode::kInvalid, "policy " + policy.name + " takes no params"), where);
      return;
    }
    Result<Value> spec = format::parse_json(*made_.arena, wanted.params.empty() ? "{}" : wanted.params, {});
    if (!spec) return note(std::move(spec).error(), where);
    const policy::Kind& kind = *policy.param_kind;
    Result<Value> object = policy::make_params(*made_.arena, policy::find_definition(made_.others, kind), kind,
                                               wanted.name, *spec, {.file = where});
    if (!object) return note(std::move(object).error(), where);
    // Before what files bring: of two params of one name that counts which was added first.
    made_.others.insert(made_.others.begin(), std::move(*object));
    binding.params = policy::ParamRef{.name = wanted.name};
  }

  PoliciesInForce made_;
  std::vector<policy::Policy> policies_;
  std::vector<policy::Binding> bindings_;
  std::vector<Diagnostic> faults_;
};

// What is there for these environments, read and compiled once.
Result<Shelf> shelf_for(World& world, const model::Configuration& configuration,
                        std::span<const model::Environment> environments, const PolicyFilesOf& files_of) {
  Shelf shelf(world);
  for (const model::PolicySource& source : configuration.policies) {
    PAWL_ASSIGN(format::FileTree tree, files_of(source));
    shelf.add_files(source, tree);
  }
  for (const model::Environment& environment : environments) {
    for (const model::PolicyBinding& binding : bindings_of(configuration, environment))
      shelf.add_built_in(binding.policy);
  }
  return shelf;
}

Result<PoliciesInForce> bound(Shelf shelf, const model::Configuration& configuration,
                              const model::Environment& environment) {
  for (const model::PolicyBinding& binding : bindings_of(configuration, environment)) shelf.bind(binding);
  return std::move(shelf).take(environment);
}

}  // namespace

Result<PoliciesInForce> policies_in_force(World& world, const model::Configuration& configuration,
                                          const model::Environment& environment, const PolicyFilesOf& files_of) {
  PAWL_ASSIGN(Shelf shelf, shelf_for(world, configuration, {&environment, 1}, files_of));
  return bound(std::move(shelf), configuration, environment);
}

Status check_policies(World& world, const model::Configuration& configuration, const PolicyFilesOf& files_of) {
  PAWL_ASSIGN(Shelf shelf, shelf_for(world, configuration, configuration.environments, files_of));
  FileFaults faults;
  for (const model::Environment& environment : configuration.environments) {
    Result<PoliciesInForce> read = bound(shelf, configuration, environment);
    if (!read) PAWL_TRY(faults.take(std::move(read).error()));
  }
  return faults.result();
}

}  // namespace pawl::engine

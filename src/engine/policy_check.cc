#include "engine/policy_check.h"

#include <algorithm>
#include <iterator>
#include <list>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "core/policy/evaluate.h"
#include "core/policy/params.h"
#include "engine/judgement.h"
#include "format/yaml.h"

namespace pawl::engine {

namespace {

using format::Value;
using policy::Finding;

// An object of the manifests, where it stands.
struct Manifest {
  const std::string* file;
  const Value* object;
};

using Id = std::tuple<std::string, std::string, std::string_view, std::string_view>;  // group, kind, namespace, name

std::string_view metadata_of(const Value& object, std::string_view field) {
  const Value* metadata = object.find("metadata");
  return metadata == nullptr ? "" : metadata->string_at(field);
}

Id id_of(const Value& object) {
  policy::Kind kind = policy::kind_of(object);
  return {kind.group, kind.kind, metadata_of(object, "namespace"), metadata_of(object, "name")};
}

std::string label_of(const Value& object) {
  std::string_view space = metadata_of(object, "namespace");
  return std::string(object.string_at("kind")) + "/" + (space.empty() ? "" : std::string(space) + "/") +
         std::string(metadata_of(object, "name"));
}

// The objects of files. What was read lives as long as this.
class Manifests {
 public:
  explicit Manifests(const PolicyFiles& files) : files_(files) {}

  Status load(const std::string& path) {
    std::vector<std::string> paths = {path};
    if (path != "-") {
      PAWL_ASSIGN(paths, files_.list(path));
    }
    FileFaults faults;
    for (const std::string& one : paths)
      if (Status loaded = load_file(one); !loaded) PAWL_TRY(faults.take(loaded.error()));
    return faults.result();
  }

  const std::vector<Manifest>& all() const { return manifests_; }
  std::size_t skipped() const { return skipped_; }

 private:
  Status load_file(const std::string& path) {
    PAWL_ASSIGN(std::string text, files_.read(path));
    const std::string& name = names_.emplace_back(path == "-" ? "<stdin>" : path);
    PAWL_ASSIGN(std::vector<Value> read, format::parse_yaml(arena_, std::move(text), {.file = name}));
    const std::vector<Value>& documents = documents_.emplace_back(std::move(read));
    for (const Value& document : documents) take(name, document);
    return {};
  }

  void take(const std::string& file, const Value& document) {
    const Value* items = document.find("items");
    std::string_view kind = document.string_at("kind");
    if (kind.ends_with("List") && items != nullptr) {
      for (const Value& item : items->items()) take(file, item);
    } else if (kind.empty() || document.string_at("apiVersion").empty()) {
      ++skipped_;
    } else {
      manifests_.push_back({&file, &document});
    }
  }

  const PolicyFiles& files_;
  format::Arena arena_;
  std::list<std::string> names_;
  std::list<std::vector<Value>> documents_;
  std::vector<Manifest> manifests_;
  std::size_t skipped_ = 0;
};

class Check {
 public:
  Check(const PolicyFiles& files, ports::Executor& executor, const cel::TimeZones* zones, std::string version)
      : executor_(executor),
        version_(std::move(version)),
        loader_(files, zones),
        manifests_(files),
        old_(files),
        params_(files) {}

  Status load(const api::PolicyCheckRequest& request) {
    FileFaults faults;
    for (const std::string& path : request.policies) PAWL_TRY(gather(load_policies(path), faults));
    for (const std::string& path : request.paths) PAWL_TRY(gather(manifests_.load(path), faults));
    for (const std::string& path : request.params) PAWL_TRY(gather(params_.load(path), faults));
    if (!request.old.empty()) PAWL_TRY(gather(old_.load(request.old), faults));
    return faults.result();
  }

  Result<api::PolicyCheckResponse> run(const api::PolicyCheckRequest& request) {
    PAWL_TRY(bind());
    response_.policies = policies_.size();
    PAWL_ASSIGN(policy::PolicySet set, policy::PolicySet::make(policies_, bindings_));
    add_facts();
    reports_cases_ = !request.junit.empty();
    add_reviews();
    const policy::Report report = judge(executor_, set, facts_, reviews_);
    response_.evaluated = report.evaluated;
    for (std::size_t i = 0; i < reviews_.size(); ++i) take(*reviewed_[i], reviews_[i], report.verdicts[i]);
    if (std::size_t skipped = manifests_.skipped(); skipped > 0)
      response_.notes.push_back("left out without apiVersion and kind: " + counted(skipped, "document"));
    if (response_.evaluated == 0)
      response_.notes.push_back("nothing was evaluated: no rule is about any of these objects, which proves nothing");
    if (reports_cases_) response_.junit = policy::junit(cases_, "pawl policy check");
    if (!request.sarif.empty()) response_.sarif = policy::sarif(rules_, reported_, version_);
    return std::move(response_);
  }

 private:
  static Status gather(Status status, FileFaults& faults) {
    return status ? Status() : faults.take(std::move(status).error());
  }

  Status load_policies(const std::string& path) {
    PAWL_ASSIGN(std::vector<const PolicyFile*> loaded, loader_.load(path));
    for (const PolicyFile* file : loaded) {
      if (!taken_.insert(file).second) continue;
      std::ranges::copy(file->read.policies, std::back_inserter(policies_));
      std::ranges::copy(file->read.bindings, std::back_inserter(bindings_));
      std::ranges::copy(file->read.others, std::back_inserter(others_));
      add_rules(*file, rules_);
    }
    return {};
  }

  Status bind() {
    PAWL_TRY(take_params());
    FileFaults faults;
    for (const policy::Policy& policy : policies_)
      if (std::ranges::find(bindings_, policy.name, &policy::Binding::policy) == bindings_.end())
        PAWL_TRY(gather(bind(policy), faults));
    return faults.result();
  }

  // What --params give becomes facts, completed and judged by the definition of its kind.
  Status take_params() {
    FileFaults faults;
    policy::Facts known;
    for (const Value& other : others_) known.add(other);
    std::vector<Value> taken;
    for (const Manifest& one : params_.all()) {
      Result<Value> object = param_of(one, known);
      if (object)
        taken.push_back(std::move(*object));
      else
        PAWL_TRY(gather(std::move(object).error(), faults));
    }
    given_ = taken;
    std::ranges::move(taken, std::back_inserter(others_));
    return faults.result();
  }

  Result<Value> param_of(const Manifest& one, const policy::Facts& known) {
    policy::Kind kind = policy::kind_of(*one.object);
    if (std::ranges::none_of(policies_, [&](const policy::Policy& policy) { return policy.param_kind == kind; })) {
      Diagnostic made{.file = *one.file, .at = one.object->at(), .code = "params"};
      made.summary = "no policy takes params of " + kind.str();
      made.help = "apiVersion and kind are those of the policy's spec.paramKind";
      return invalid_files({made});
    }
    if (metadata_of(*one.object, "name").empty()) {
      Diagnostic made{.file = *one.file, .at = one.object->at(), .code = "params"};
      made.summary = "params have a name, as every object has";
      made.help = "metadata: { name: ours }";
      return invalid_files({made});
    }
    Value object = one.object->clone(arena_);
    const Value* definition = policy::find_definition(others_, kind);
    if (definition != nullptr && policy::spec_schema(*definition, kind.version) != nullptr) {
      const Value* spec = one.object->find("spec");
      PAWL_ASSIGN(Value made, policy::make_params(arena_, definition, kind, metadata_of(object, "name"),
                                                  spec == nullptr ? Value::map() : *spec, {.file = *one.file}));
      object.set(arena_, "spec", *made.find("spec"));
    }
    bool homeless =
        known.scope_of(kind) == policy::Facts::Scope::kNamespaced && metadata_of(object, "namespace").empty();
    if (Value* metadata = object.find("metadata"); homeless && metadata != nullptr)
      metadata->set(arena_, "namespace", "default");
    return object;
  }

  // To deny: with each of the params that were given for it, or else with the defaults.
  Status bind(const policy::Policy& policy) {
    std::vector<const Value*> given;
    for (const Value& object : given_)
      if (policy.param_kind && policy::kind_of(object) == *policy.param_kind) given.push_back(&object);
    for (const Value* object : given) {
      std::string name(metadata_of(*object, "name"));
      policy::Binding made = binding_of(policy, given.size() == 1 ? policy.name : policy.name + "-" + name);
      made.params = policy::ParamRef{name, std::string(metadata_of(*object, "namespace")), {}, true};
      bindings_.push_back(std::move(made));
    }
    return given.empty() ? bind_with_defaults(policy) : Status();
  }

  static policy::Binding binding_of(const policy::Policy& policy, std::string name) {
    policy::Binding made;
    made.name = std::move(name);
    made.policy = policy.name;
    made.actions = {policy::Action::kDeny};
    return made;
  }

  Status bind_with_defaults(const policy::Policy& policy) {
    policy::Binding made = binding_of(policy, policy.name);
    const Value* definition = policy.param_kind ? policy::find_definition(others_, *policy.param_kind) : nullptr;
    if (definition != nullptr && policy::spec_schema(*definition, policy.param_kind->version) != nullptr) {
      Result<Value> params = policy::make_params(arena_, definition, *policy.param_kind, policy.name, Value::map());
      if (!params)
        return Error(
            ErrorCode::kInvalid, "policy " + policy.name + " takes params that have no default",
            "give an object of kind " + policy.param_kind->kind + " with --params; pawl policy explain " + policy.name);
      others_.push_back(*params);
      made.params = policy::ParamRef{policy.name, {}, {}, true};
    }
    bindings_.push_back(std::move(made));
    return {};
  }

  // Of the manifests only what policies can ask for.
  void add_facts() {
    for (const Value& other : others_) facts_.add(other);
    std::set<std::pair<std::string, std::string>> wanted = {{"", "Namespace"},
                                                            {"apiextensions.k8s.io", "CustomResourceDefinition"}};
    for (const policy::Policy& policy : policies_)
      if (policy.param_kind) wanted.emplace(policy.param_kind->group, policy.param_kind->kind);
    for (const Manifest& one : manifests_.all()) {
      policy::Kind kind = policy::kind_of(*one.object);
      if (wanted.contains({kind.group, kind.kind})) facts_.add(*one.object);
    }
  }

  policy::Review review_of(const Value* old, const Value* object) const {
    policy::Review made =
        policy::review_of(policy::resource_of(facts_.resources(), object != nullptr ? *object : *old), old, object);
    if (made.of.namespaced && made.space.empty()) made.space = "default";
    return made;
  }

  void add(const Manifest& one, policy::Review review) {
    reviewed_.push_back(&one);
    reviews_.push_back(std::move(review));
  }

  // Each object with what is there under its name; then what is there and goes.
  void add_reviews() {
    std::map<Id, const Manifest*> gone;
    for (const Manifest& one : old_.all()) gone.emplace(id_of(*one.object), &one);
    reviews_.reserve(manifests_.all().size() + gone.size());
    for (const Manifest& one : manifests_.all()) {
      const Value* old = nullptr;
      auto known = gone.empty() ? gone.end() : gone.find(id_of(*one.object));
      if (known != gone.end()) {
        old = known->second->object;
        gone.erase(known);
      }
      add(one, review_of(old, one.object));
    }
    for (const auto& [id, one] : gone) add(*one, review_of(one->object, nullptr));
  }

  void take(const Manifest& one, const policy::Review& review, const policy::Verdict& verdict) {
    ++response_.objects;
    if (!verdict.allowed) ++response_.denied;
    for (const Finding& finding : verdict.findings) note(one, review, finding);
    if (!reports_cases_) return;
    policy::ReportedCase made{*one.file, label_of(*one.object), *one.file, one.object->at(), {}};
    for (const Finding& finding : verdict.findings)
      if (finding.denies()) made.failures.push_back(answer(review, finding));
    cases_.push_back(std::move(made));
  }

  void note(const Manifest& one, const policy::Review& review, const Finding& finding) {
    using Level = policy::ReportedFinding::Level;
    bool warned = std::ranges::find(finding.actions, policy::Action::kWarn) != finding.actions.end();
    Level level = finding.denies() ? Level::kError : warned ? Level::kWarning : Level::kNote;
    std::string text = finding.denies() ? answer(review, finding)
                                        : "Validation failed for ValidatingAdmissionPolicy '" + finding.policy +
                                              "' with binding '" + finding.binding + "': " + finding.message;
    bool ruled = finding.cause != Finding::Cause::kMisconfigured;
    response_.findings.push_back({*one.file, one.object->at().line, label_of(*one.object), finding.policy,
                                  ruled ? "validations[" + std::to_string(finding.index) + "]" : "",
                                  level == Level::kError     ? "denied"
                                  : level == Level::kWarning ? "warned"
                                                             : "noted",
                                  text});
    reported_.push_back({finding.policy, ruled ? std::optional(finding.index) : std::nullopt, level, text,
                         label_of(*one.object), *one.file, one.object->at()});
  }

  ports::Executor& executor_;
  std::string version_;
  PolicyLoader loader_;
  Manifests manifests_, old_, params_;
  std::set<const PolicyFile*> taken_;
  std::vector<policy::Policy> policies_;
  std::vector<policy::Binding> bindings_;
  std::vector<Value> others_;
  std::vector<Value> given_;  // those of them that --params gave
  std::vector<policy::ReportedRule> rules_;
  format::Arena arena_;
  policy::Facts facts_;
  std::vector<policy::Review> reviews_;
  std::vector<const Manifest*> reviewed_;  // by each of them
  bool reports_cases_ = false;
  std::vector<policy::ReportedCase> cases_;
  std::vector<policy::ReportedFinding> reported_;
  api::PolicyCheckResponse response_;
};

}  // namespace

Result<api::PolicyCheckResponse> check_policies(const api::PolicyCheckRequest& request, const PolicyFiles& files,
                                                ports::Executor& executor, const cel::TimeZones* zones,
                                                const std::string& version) {
  Check check(files, executor, zones, version);
  PAWL_TRY(check.load(request));
  return check.run(request);
}

}  // namespace pawl::engine

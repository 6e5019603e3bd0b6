#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "core/model/names.h"
#include "crypto/digest.h"
#include "format/value.h"

namespace pawl::model {

// The part of a project that decides who, when and whether.

enum class UpstreamRule : std::uint8_t { kAll, kAny };
std::string_view name_of(UpstreamRule rule);

// Gates. Each is one key of a one-key map in `gates:`.
struct UpstreamGate {  // implied by promotesFrom; `upstream: any` changes the rule
  UpstreamRule rule = UpstreamRule::kAll;
  auto operator<=>(const UpstreamGate&) const = default;
};
struct SoakGate {
  Duration time{};
  auto operator<=>(const SoakGate&) const = default;
};
struct ApprovalGate {
  std::uint32_t count = 1;
  std::vector<std::string> from;    // groups or persons
  std::optional<Duration> expires;  // how long one counts; absent: as long as its promotion
  auto operator<=>(const ApprovalGate&) const = default;
};
struct WindowGate {
  std::string schedule;  // cron, five fields
  Duration duration{};
  std::string time_zone;  // IANA name
  bool deny = false;
  auto operator<=>(const WindowGate&) const = default;
};
// What evidence is about.
enum class EvidenceSubject : std::uint8_t { kBundle, kRelease, kSnapshot, kImage };  // kImage: each of the bundle's
std::string_view name_of(EvidenceSubject subject);
// Signed statements of one type, by those who are trusted to make them.
struct EvidenceGate {
  std::string predicate_type;
  std::vector<std::string> from;  // trust roles, groups or persons
  EvidenceSubject subject = EvidenceSubject::kBundle;
  std::uint32_t count = 1;
  std::string condition;            // CEL; "": none but what the type implies (condition.h)
  std::optional<Duration> max_age;  // since it was recorded
  // Of verification summaries (kVsaPredicate).
  std::string verifier;             // whose id they must bear
  std::vector<std::string> levels;  // each must be reached
  std::string resource_uri;         // what they must be about, or below; "": the bundle in this environment
  auto operator<=>(const EvidenceGate&) const = default;
};
// Where a secret is: its value stands in no document.
struct SecretSource {
  std::string file;         // absolute, or beside pawl.yaml; "" where it is a variable
  std::string environment;  // the variable's name
  auto operator<=>(const SecretSource&) const = default;
};
// Another system that is asked (callout.h).
struct ExternalGate {
  std::string name;
  std::string url;  // https, or http on this machine
  SecretSource secret;
  Duration timeout = std::chrono::seconds(10);  // of one try
  std::uint32_t retries = 2;
  auto operator<=>(const ExternalGate&) const = default;
};
// Implied where a policy is bound to the environment; `policy: required` fails where none is.
struct PolicyGate {
  bool required = false;
  auto operator<=>(const PolicyGate&) const = default;
};
using Gate = std::variant<UpstreamGate, SoakGate, ApprovalGate, WindowGate, EvidenceGate, ExternalGate, PolicyGate>;
std::string_view name_of(const Gate& gate);  // "soak"

struct DirectoryTarget {
  std::string path;  // relative to pawl.yaml, or absolute
  auto operator<=>(const DirectoryTarget&) const = default;
};
struct GitTarget {
  std::string url;
  std::string branch;
  std::string path;  // folder inside the branch; "" for its root
  auto operator<=>(const GitTarget&) const = default;
};
using Target = std::variant<DirectoryTarget, GitTarget>;
// One line that names the place: two environments with one identity are refused. "directory:live/dev".
std::string identity(const Target& target);

// A verification by command: the program comes from the snapshot.
struct Check {
  std::string name;
  std::vector<std::string> command;  // argv; argv[0] is a path of the snapshot or a program
  Duration timeout = std::chrono::minutes(5);
  auto operator<=>(const Check&) const = default;
};

// Who may start what; an absent verb allows anyone. Names of groups or persons.
using Allow = std::map<std::string, std::vector<std::string>>;  // "promote", "rollback", "apply"

// What a promotion may change: whatever is outside of it is a no (change-budget of the built-in policies). An empty
// list sets no limit.
struct AllowedChanges {
  std::vector<std::string> kinds;       // "Deployment", "apps/Deployment"
  std::vector<std::string> namespaces;  //
  std::vector<std::string> fields;      // of changed objects; "*" stands for anything: "spec.template.*.image"
  std::vector<std::string> changes;     // "added", "changed", "removed"
  std::optional<std::uint32_t> most;    // objects a promotion
  auto operator<=>(const AllowedChanges&) const = default;
};

struct Environment {
  EnvironmentName name;
  std::string purpose;
  std::map<std::string, std::string> labels;
  std::vector<EnvironmentName> promotes_from;
  Target target;
  std::vector<Gate> gates;  // without the implied upstream gate unless it was written
  std::optional<AllowedChanges> allowed_changes;
  std::vector<Check> verification;
  bool auto_promote = false;                // `serve` takes the default release in by itself
  bool rollback_on_failure = false;         // onFailure: rollback
  std::vector<std::string> rollback_obeys;  // gates that rollbacks must pass here too: "window", "upstream" ...
  Allow allow;
  Position at;
};

struct Person {
  PersonName name;
  std::vector<std::string> keys;      // public keys, PEM, as read when the configuration was parsed
  std::vector<std::string> subjects;  // OIDC "issuer subject"
};

// Roles whose keys are trusted to sign: "release" and "checks", which this store's own key signs in where they are
// absent, and those that evidence gates name.
struct Trust {
  std::map<std::string, std::vector<std::string>> roles;  // role -> public keys, PEM
};

// The files of one policy source, as they are when the configuration comes into force.
struct PolicySource {
  std::string name;
  std::string from;       // repository, URL or folder
  std::string version;    // tag or commit; "" of local files
  crypto::Digest digest;  // of the files as a tar (format/tar.h), a blob of the store
  bool operator==(const PolicySource&) const = default;
};

// Puts a policy of the sources, or a built-in one, in force.
struct PolicyBinding {
  std::string name;
  std::string policy;
  std::map<std::string, std::string> environments;  // labels that an environment must have; none: all environments
  std::string params;                               // canonical JSON of a map; "" for none
  std::vector<std::string> actions;                 // "Deny", "Warn", "Audit"
  bool operator==(const PolicyBinding&) const = default;
};

// Who may let somebody depart from a policy, and for how long at most.
struct ExceptionRules {
  std::uint32_t count = 1;
  std::vector<std::string> from;  // groups or persons
  Duration longest{};
  bool operator==(const ExceptionRules&) const = default;
};

struct Configuration {
  ProjectName project;
  std::vector<Environment> environments;  // in the order of the file
  std::vector<Person> people;
  std::map<GroupName, std::vector<PersonName>> groups;
  Trust trust;
  Allow allow;                                 // the project's; an environment's own entry replaces it
  std::vector<PolicySource> policies;          // by name
  std::vector<PolicyBinding> policy_bindings;  // in the order of the file
  std::optional<ExceptionRules> exceptions;    // absent: nobody departs from a policy

  const Environment* find(const EnvironmentName& name) const;
  // Environments downstream first to last: every environment after those it promotes from.
  std::vector<const Environment*> in_pipeline_order() const;
};

// The gates that hold on entering `environment`: the implied upstream gate first, then those written.
std::vector<Gate> effective_gates(const Environment& environment);

format::Value encode(const Configuration& configuration, format::Arena& arena);
Result<Configuration> decode_configuration(const format::Value& value);
// SHA-256 of the canonical JSON of encode().
crypto::Digest digest_of(const Configuration& configuration);
// Whether the environment has all of these labels.
bool selects(const std::map<std::string, std::string>& labels, const Environment& environment);

// Digest of what decides in one environment: target, pipeline, gates (the implied one too), policies, checks, what
// happens on failure and rollback, who may start something there. Words for people, other environments, people, groups
// and keys are not in it: those are read live, and an unrelated edit changes nothing.
crypto::Digest digest_of_effective(const Configuration& configuration, const Environment& environment);
// Digest of the policies that one environment is under: their files, bindings and allowed changes. What a verdict
// names.
crypto::Digest digest_of_policies(const Configuration& configuration, const Environment& environment);
// Digest of one environment's checks: what a verdict is bound to.
crypto::Digest digest_of_checks(const Environment& environment);

}  // namespace pawl::model

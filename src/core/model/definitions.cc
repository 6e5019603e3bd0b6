#include "core/model/definitions.h"

#include <array>

#include "core/model/content.h"

namespace pawl::model {

namespace {

using enum FieldType;

constexpr std::array kDefinitions = std::to_array<FieldDefinition>({
    {"sources", kNamed, false, "Inputs whose version Pawl chooses; images in manifests need no entry.",
     "podinfo: { image: ghcr.io/stefanprodan/podinfo, version: \">=6.12 <7\" }"},
    {"sources.image", kArgument, false, "A container image, without its tag.", "ghcr.io/stefanprodan/podinfo"},
    {"sources.oci", kArgument, false, "The repository of an OCI artifact of files.", "ghcr.io/acme/manifests"},
    {"sources.git", kGitUrl, false, "The URL of a Git repository.", "https://git.example.com/acme/base.git"},
    {"sources.helm", kArgument, false, "A Helm chart: oci://REGISTRY/PATH, or its name in `repository`.", "podinfo"},
    {"sources.files", kPath, false, "A folder beside pawl.yaml.", "vendor/base"},
    {"sources.version", kVersion, false, "An exact tag, a range (>=1.2 <2) or a pattern (v1.*).", "\">=6.12 <7\""},
    {"sources.branch", kGitName, false, "Of a Git source: the branch whose commit is locked.", "main"},
    {"sources.tag", kGitName, false, "Of a Git source: the tag whose commit is locked.", "v1.2.3"},
    {"sources.commit", kCommit, false, "Of a Git source: the commit.", "4f2c1d0b7a3e58f69c1b2d4e6f8091a2b3c4d5e6"},
    {"sources.path", kPath, false, "Of a Git source: the folder of interest.", "deploy"},
    {"sources.repository", kArgument, false, "Of a Helm source: the chart repository, https:// or oci://.",
     "https://stefanprodan.github.io/podinfo"},

    {"layers", kMaps, true, "What the release is made of; each renders and applies on its own.",
     "- { name: web, kustomize: deploy/overlays/$(environment) }"},
    {"layers.name", kName, false, "The layer's name; `split` names its parts instead.", "web"},
    {"layers.tier", kString, false, "Which kind of thing it is.", "platform", "infrastructure|platform|application",
     "application"},
    {"layers.dependsOn", kStringOrStrings, false, "Layers that are applied before this one.", "[shared]"},
    {"layers.manifests", kPath, false, "A folder or file of plain manifests.", "deploy/manifests"},
    {"layers.kustomize", kPath, false, "A folder with a kustomization.", "deploy/overlays/$(environment)"},
    {"layers.helm", kMap, false, "A Helm chart and its values.", "{ chart: charts/web }"},
    {"layers.helm.chart", kPath, true, "The chart's folder or .tgz, or $(sources.NAME).", "charts/web"},
    {"layers.helm.releaseName", kString, false, ".Release.Name; absent: the layer's name, of a split the chart's.",
     "web"},
    {"layers.helm.namespace",
     kString,
     false,
     ".Release.Namespace; absent: the layer's namespace.",
     "shop",
     {},
     "default"},
    {"layers.helm.valuesFiles", kStringOrStrings, false, "Files with values, later ones over earlier ones.",
     "[values/$(environment).yaml]"},
    {"layers.helm.values", kFreeMap, false, "Values, over those of the files.",
     "{ replicaCount: $(parameters.replicas) }"},
    {"layers.helm.crds", kBoolean, false, "Whether the chart's crds/ are part of the layer.", "false", {}, "true"},
    {"layers.helm.hooks",
     kBoolean,
     false,
     "Whether install and upgrade hooks are part of the layer, as objects.",
     "false",
     {},
     "true"},
    {"layers.helm.allow", kStringMap, false, "Template functions that no release decides, each with the reason.",
     "{ lookup: only behind a condition that is false here }"},
    {"layers.split", kMaps, false, "Takes one rendering apart: the first match wins, the last part takes the rest.",
     "- { name: base, select: { kind: [Namespace] } }"},
    {"layers.split.name", kName, true, "The part's name: a layer of its own.", "base"},
    {"layers.split.tier", kString, false, "Which kind of thing it is.", "platform",
     "infrastructure|platform|application", "application"},
    {"layers.split.select", kMap, false, "Which objects it takes; absent: all that are left.", "{ kind: [Namespace] }"},
    {"layers.split.select.kind", kStringOrStrings, false, "Kinds, as patterns.", "[Namespace, \"*Role\"]"},
    {"layers.split.select.name", kStringOrStrings, false, "Names, as patterns.", "[cache, database-*]"},
    {"layers.split.select.namespace", kStringOrStrings, false, "Namespaces, as patterns.", "[shop]"},
    {"layers.namespace", kString, false, "As in a kustomization.", "shop-$(environment)"},
    {"layers.namePrefix", kString, false, "As in a kustomization.", "dev-"},
    {"layers.nameSuffix", kString, false, "As in a kustomization.", "-v2"},
    {"layers.resources", kStrings, false, "As in a kustomization; beside the layer's input.", "[extra.yaml]"},
    {"layers.components", kStrings, false, "As in a kustomization.", "[components/tls]"},
    {"layers.labels", kFreeList, false, "As in a kustomization.", "[{ pairs: { team: shop } }]"},
    {"layers.commonLabels", kFreeMap, false, "As in a kustomization.", "{ team: shop }"},
    {"layers.commonAnnotations", kFreeMap, false, "As in a kustomization.", "{ owner: shop }"},
    {"layers.images", kFreeList, false, "As in a kustomization.", "[{ name: web, newTag: 1.2.3 }]"},
    {"layers.replicas", kFreeList, false, "As in a kustomization.", "[{ name: web, count: $(parameters.replicas) }]"},
    {"layers.patches", kFreeList, false, "As in a kustomization.", "[{ path: patch.yaml }]"},
    {"layers.patchesStrategicMerge", kFreeList, false, "As in a kustomization.", "[patch.yaml]"},
    {"layers.patchesJson6902", kFreeList, false, "As in a kustomization.", "[]"},
    {"layers.replacements", kFreeList, false, "As in a kustomization.", "[]"},
    {"layers.configMapGenerator", kFreeList, false, "As in a kustomization.", "[{ name: web, literals: [a=b] }]"},
    {"layers.secretGenerator", kFreeList, false, "As in a kustomization; readable secrets are refused at release.",
     "[]"},
    {"layers.generatorOptions", kFreeMap, false, "As in a kustomization.", "{ disableNameSuffixHash: true }"},
    {"layers.transformers", kFreeList, false, "As in a kustomization (builtin kinds).", "[labels.yaml]"},
    {"layers.generators", kFreeList, false, "As in a kustomization (builtin kinds).", "[generator.yaml]"},
    {"layers.validators", kFreeList, false, "As in a kustomization (builtin kinds).", "[validator.yaml]"},
    {"layers.vars", kFreeList, false, "As in a kustomization.",
     "[{ name: HOST, objref: { kind: Service, name: web, apiVersion: v1 } }]"},
    {"layers.configurations", kStrings, false, "As in a kustomization.", "[namereference.yaml]"},
    {"layers.crds", kStrings, false, "As in a kustomization.", "[crds/schema.json]"},
    {"layers.openapi", kFreeMap, false, "As in a kustomization.", "{ path: schema.json }"},
    {"layers.buildMetadata", kStrings, false, "As in a kustomization.", "[originAnnotations]"},
    {"layers.sortOptions", kFreeMap, false, "As in a kustomization.", "{ order: legacy }"},

    {"kubernetes", kMap, false, "What Helm charts are told of the cluster; `pawl lock` writes it down.",
     "{ version: v1.34.0 }"},
    {"kubernetes.version",
     kString,
     false,
     "The version that .Capabilities.KubeVersion has.",
     "v1.34.0",
     {},
     kDefaultKubernetes},
    {"kubernetes.apiVersions", kStringOrStrings, false, "What .Capabilities.APIVersions has beside Helm's own.",
     "[monitoring.coreos.com/v1]"},

    {"parameterSchema", kFreeMap, false, "From parameters' names to what each may be: a JSON Schema (draft-07).",
     "{ replicas: { type: integer, minimum: 1, default: 2 } }"},
    {"parameters", kFreeMap, false, "Values for $(parameters.x), for every environment.", "{ replicas: 2 }"},

    {"defaults", kMap, false, "The base of every environment: maps merge, lists and one-key choices replace.",
     "target: { directory: live/$(environment) }"},

    {"environments", kMaps, false, "The places that releases move through.",
     "- { name: staging, promotesFrom: [dev] }"},
    {"environments.name", kName, true, "The environment's name.", "qa"},
    {"environments.purpose", kString, false, "What it is for, in a few words.", "serves customers"},
    {"environments.labels", kStringMap, false, "Labels that bindings select by.", "{ tier: production }"},
    {"environments.parameters", kFreeMap, false, "Values for $(parameters.x), over the project's.", "{ replicas: 3 }"},
    {"environments.promotesFrom", kStringOrStrings, false, "Where a release must be verified before it may enter.",
     "[staging]"},
    {"environments.target", kUnion, true, "What the environment is applied to.", "{ directory: live/$(environment) }"},
    {"environments.target.directory", kPath, false, "A folder, beside pawl.yaml or absolute.", "live/$(environment)"},
    {"environments.target.git", kMap, false, "A branch of a Git repository, or a folder in it.",
     "{ url: \"git@git.example.com:acme/live.git\", branch: production }"},
    {"environments.target.git.url", kGitUrl, true, "The repository.", "git@git.example.com:acme/live.git"},
    {"environments.target.git.branch", kGitName, true, "The branch that is committed to.", "production"},
    {"environments.target.git.path", kPath, false, "A folder inside the branch.", "clusters/production"},
    {"environments.gates", kUnions, false, "What must hold before a release enters, beside promotesFrom.",
     "- soak: 24h"},
    {"environments.gates.upstream", kString, false, "Whether all or any of promotesFrom must have verified it.", "any",
     "all|any", "all"},
    {"environments.gates.soak", kDuration, false, "How long it must have been the verified head upstream.", "24h"},
    {"environments.gates.approval", kMap, false, "People who must agree; whoever asked never counts.",
     "{ count: 2, from: [sre] }"},
    {"environments.gates.approval.count", kInteger, false, "How many.", "2", {}, "1"},
    {"environments.gates.approval.from", kStringOrStrings, true, "Groups or people.", "[sre]"},
    {"environments.gates.approval.expires", kDuration, false,
     "How long an approval counts; absent: as long as its promotion waits.", "24h"},
    {"environments.gates.window", kMap, false, "When a release may enter.",
     "{ schedule: \"0 9 * * 1-5\", duration: 7h, timeZone: Europe/Berlin }"},
    {"environments.gates.window.schedule", kCron, true, "When the window opens: cron with five fields.", "0 9 * * 1-5"},
    {"environments.gates.window.duration", kDuration, true, "How long it stays open.", "7h"},
    {"environments.gates.window.timeZone", kTimeZone, false, "An IANA time zone.", "Europe/Berlin", {}, "UTC"},
    {"environments.gates.window.deny", kBoolean, false, "true: nothing enters while it is open.", "true", {}, "false"},
    {"environments.gates.policy", kString, false,
     "Policies hold wherever one is bound; `required`: and it fails where none is.", "required", "bound|required",
     "bound"},
    {"environments.allowedChanges", kMap, false, "What a promotion may change here; all else is a no.",
     "{ kinds: [Deployment], fields: [spec.replicas, \"*.image\"], most: 5 }"},
    {"environments.allowedChanges.kinds", kStringOrStrings, false, "Kinds of objects, or group/kind.", "[Deployment]"},
    {"environments.allowedChanges.namespaces", kStringOrStrings, false, "Namespaces of objects.", "[shop]"},
    {"environments.allowedChanges.fields", kStringOrStrings, false,
     "Fields of objects that are there before and after; * stands for anything.", "[spec.replicas, \"*.image\"]"},
    {"environments.allowedChanges.changes", kStringOrStrings, false, "What may happen to an object.", "[changed]",
     "added|changed|removed"},
    {"environments.allowedChanges.most", kInteger, false, "How many objects a promotion may change.", "5"},
    {"environments.gates.evidence", kMap, false, "Signed statements that there must be: test results, scans, verdicts.",
     "{ predicateType: https://in-toto.io/attestation/test-result/v0.1, from: [ci] }"},
    {"environments.gates.evidence.predicateType", kString, true, "The type that they are of, exactly.",
     "https://in-toto.io/attestation/test-result/v0.1"},
    {"environments.gates.evidence.from", kStringOrStrings, true, "Who may make them: trust roles, groups or people.",
     "[ci]"},
    {"environments.gates.evidence.subject", kString, false, "What they are about; image: each that the bundle runs.",
     "image", "bundle|release|snapshot|image", "bundle"},
    {"environments.gates.evidence.count", kInteger, false, "How many of those must say so.", "2", {}, "1"},
    {"environments.gates.evidence.condition", kString, false,
     "CEL over predicate, subject, statement and environment; a test result without one must be PASSED.",
     "predicate.result == 'PASSED'"},
    {"environments.gates.evidence.maxAge", kDuration, false, "How long one counts after it was recorded.", "72h"},
    {"environments.gates.evidence.verifier", kString, false, "Of verification summaries: the verifier's id.",
     "https://ci.example.com/verifier"},
    {"environments.gates.evidence.levels", kStringOrStrings, false, "Of verification summaries: levels to be reached.",
     "[SLSA_BUILD_LEVEL_3]"},
    {"environments.gates.evidence.resourceUri", kString, false,
     "Of verification summaries: what they are about, or below; absent: this bundle in this environment.",
     "pkg:oci/shop"},
    {"environments.gates.external", kMap, false, "Another system that is asked, over HTTPS.",
     "{ name: change-ticket, url: https://change.example.com/check, secretFrom: { env: CHANGE_SECRET } }"},
    {"environments.gates.external.name", kName, true, "What it is called.", "change-ticket"},
    {"environments.gates.external.url", kString, true, "Where it is asked; http:// only on this machine.",
     "https://change.example.com/check"},
    {"environments.gates.external.secretFrom", kUnion, true, "Where the secret is that both sides sign with.",
     "{ env: CHANGE_SECRET }"},
    {"environments.gates.external.secretFrom.file", kPath, false, "A file, beside pawl.yaml or absolute.",
     "/run/secrets/change"},
    {"environments.gates.external.secretFrom.env", kString, false, "A variable of the environment.", "CHANGE_SECRET"},
    {"environments.gates.external.timeout", kDuration, false, "How long one try may take.", "30s", {}, "10s"},
    {"environments.gates.external.retries",
     kInteger,
     false,
     "How often it is asked again where it is busy or breaks off.",
     "5",
     {},
     "2"},
    {"environments.verification", kMaps, false, "Checks that run after a bundle is applied.",
     "- { name: smoke, command: [tests/smoke.sh], timeout: 2m }"},
    {"environments.verification.name", kName, true, "The check's name.", "smoke"},
    {"environments.verification.command", kStrings, true, "The program and its arguments; files come from the release.",
     "[tests/smoke.sh]"},
    {"environments.verification.timeout", kDuration, false, "How long it may take.", "2m", {}, "5m"},
    {"environments.autoPromote",
     kBoolean,
     false,
     "true: `pawl serve` takes the next release in while every gate holds.",
     "true",
     {},
     "false"},
    {"environments.onFailure", kString, false, "What follows a failed verification.", "rollback", "rollback|nothing",
     "nothing"},
    {"environments.rollbackObeys", kStringOrStrings, false, "Gates that a rollback must pass too.", "[window]",
     "upstream|soak|approval|window|evidence|external|hold|freeze|policy"},
    {"environments.allow", kStringLists, false, "Who may start what here: groups or people.", "{ promote: [sre] }",
     "promote|rollback|apply"},

    {"people", kPersons, false, "Who may act, with their public keys.", "{ ada: keys/ada.pub }"},
    {"people.keys", kStringOrStrings, false, "Files with public keys.", "[keys/ada.pub]"},
    {"people.subjects", kStringOrStrings, false, "OIDC identities, \"issuer subject\".",
     "[\"https://accounts.example.com ada\"]"},
    {"groups", kStringLists, false, "Named sets of people.", "{ sre: [ada, grace] }"},
    {"trust", kStringLists, false, "Public keys that may sign in a role: release, checks, or one that gates name.",
     "{ release: [keys/release.pub], ci: [keys/ci.pub] }"},
    {"policySources", kNamed, false, "Where policies come from: files of Kubernetes, as they are.",
     "own: { files: policies }"},
    {"policySources.files", kPath, false, "A folder beside pawl.yaml.", "policies"},
    {"policySources.git", kGitUrl, false, "The URL of a Git repository.", "https://git.example.com/acme/policies.git"},
    {"policySources.oci", kArgument, false, "The repository of an OCI artifact of files.", "ghcr.io/acme/policies"},
    {"policySources.version", kVersion, false, "An exact tag, a range (>=1.2 <2) or a pattern (v1.*).", "\">=1.2 <2\""},
    {"policySources.branch", kGitName, false, "Of a Git source: the branch whose commit is locked.", "main"},
    {"policySources.tag", kGitName, false, "Of a Git source: the tag whose commit is locked.", "v1.2.3"},
    {"policySources.commit", kCommit, false, "Of a Git source: the commit.",
     "4f2c1d0b7a3e58f69c1b2d4e6f8091a2b3c4d5e6"},
    {"policySources.path", kPath, false, "Of a Git source: the folder of interest.", "policies"},
    {"policyBindings", kMaps, false, "Policies that hold, beside those that files bind themselves.",
     "- { policy: allowed-registries, params: { registries: [ghcr.io/acme/] } }"},
    {"policyBindings.policy", kName, true, "The policy: of the sources, or built in (pawl policy explain).",
     "allowed-registries"},
    {"policyBindings.name", kName, false, "The binding's name; absent: the policy's.", "registries-of-production"},
    {"policyBindings.environments", kStringMap, false, "Labels of the environments that it holds in; absent: all.",
     "{ tier: production }"},
    {"policyBindings.params", kFreeMap, false, "The policy's parameters.", "{ registries: [ghcr.io/acme/] }"},
    {"policyBindings.actions", kStringOrStrings, false, "What its no means.", "[Warn]", "Deny|Warn|Audit", "Deny"},
    {"exceptions", kMap, false, "Who may let somebody depart from a policy; absent: nobody.",
     "{ from: [security], longest: 30d }"},
    {"exceptions.count", kInteger, false, "How many must agree; whoever asks never counts.", "2", {}, "1"},
    {"exceptions.from", kStringOrStrings, true, "Groups or people.", "[security]"},
    {"exceptions.longest", kDuration, true, "For how long at most.", "30d"},
    {"allow", kStringLists, false, "Who may start what, in every environment.", "{ apply: [ada] }",
     "promote|rollback|apply"},
});

// `defaults` has the fields of an environment, so one description serves both.
std::string canonical(std::string_view path) {
  constexpr std::string_view kDefaults = "defaults";
  bool inside = path.starts_with(kDefaults) && (path.size() == kDefaults.size() || path[kDefaults.size()] == '.');
  return inside ? "environments" + std::string(path.substr(kDefaults.size())) : std::string(path);
}

}  // namespace

std::string_view words_for(FieldType type) {
  switch (type) {
    case kString:
    case kArgument:
      return "a string";
    case kName:
      return "a name (a-z, 0-9, -)";
    case kPath:
      return "a path";
    case kVersion:
      return "a version, a range or a pattern";
    case kGitUrl:
      return "a Git URL";
    case kGitName:
      return "a branch or tag";
    case kCommit:
      return "a commit";
    case kCron:
      return "a cron schedule";
    case kTimeZone:
      return "a time zone";
    case kInteger:
      return "a whole number";
    case kBoolean:
      return "true or false";
    case kDuration:
      return "a duration (30s, 10m, 24h)";
    case kStrings:
      return "a list of strings";
    case kStringOrStrings:
      return "a string or a list of strings";
    case kMap:
      return "a map";
    case kMaps:
      return "a list of maps";
    case kUnion:
      return "a map with one key";
    case kUnions:
      return "a list of maps with one key each";
    case kNamed:
    case kPersons:
      return "a map from names";
    case kStringMap:
      return "a map of strings";
    case kStringLists:
      return "a map of lists of strings";
    case kFreeMap:
      return "a map";
    case kFreeList:
      return "a list";
  }
  return "";
}

std::span<const FieldDefinition> definitions() { return kDefinitions; }

const FieldDefinition* find_definition(std::string_view path) {
  std::string under = path == "defaults" ? std::string(path) : canonical(path);
  for (const FieldDefinition& definition : kDefinitions) {
    if (definition.path == under) return &definition;
  }
  return nullptr;
}

std::vector<const FieldDefinition*> fields_below(std::string_view raw) {
  std::string path = canonical(raw);
  std::vector<const FieldDefinition*> out;
  for (const FieldDefinition& definition : kDefinitions) {
    std::string_view rest = definition.path;
    if (!path.empty()) {
      bool below = rest.size() > path.size() + 1 && rest.starts_with(path) && rest[path.size()] == '.';
      if (!below) continue;
      rest.remove_prefix(path.size() + 1);
    }
    bool named_elsewhere = raw == "defaults" && rest == "name";
    if (rest.find('.') == std::string_view::npos && !named_elsewhere) out.push_back(&definition);
  }
  return out;
}

std::string_view leaf_of(std::string_view path) {
  std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

}  // namespace pawl::model

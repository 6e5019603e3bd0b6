#include "core/model/definitions.h"

#include <array>

namespace pawl::model {

namespace {

using enum FieldType;

constexpr std::array kDefinitions = std::to_array<FieldDefinition>({
    {"sources", kNamed, false, "Inputs whose version Pawl chooses; images in manifests need no entry.",
     "podinfo: { image: ghcr.io/stefanprodan/podinfo, version: \">=6.12 <7\" }"},
    {"sources.image", kString, false, "A container image, without its tag.", "ghcr.io/stefanprodan/podinfo"},
    {"sources.oci", kString, false, "An OCI artifact's repository.", "ghcr.io/acme/manifests"},
    {"sources.git", kString, false, "The URL of a Git repository.", "https://git.example.com/acme/base.git"},
    {"sources.helm", kString, false, "A Helm chart's name; `repository` says where it is.", "podinfo"},
    {"sources.files", kString, false, "A folder beside pawl.yaml.", "vendor/base"},
    {"sources.version", kString, false, "An exact tag, a range (>=1.2 <2) or a pattern (v1.*).", "\">=6.12 <7\""},
    {"sources.branch", kString, false, "Of a Git source: the branch whose commit is locked.", "main"},
    {"sources.tag", kString, false, "Of a Git source: the tag whose commit is locked.", "v1.2.3"},
    {"sources.commit", kString, false, "Of a Git source: the commit.", "4f2c..."},
    {"sources.path", kString, false, "Of a Git source: the folder of interest.", "deploy"},
    {"sources.repository", kString, false, "Of a Helm source: the chart repository.", "oci://ghcr.io/stefanprodan/charts"},

    {"layers", kMaps, true, "What the release is made of; each renders and applies on its own.",
     "- { name: web, kustomize: deploy/overlays/$(environment) }"},
    {"layers.name", kString, false, "The layer's name; `split` names its parts instead.", "web"},
    {"layers.tier", kString, false, "Which kind of thing it is.", "application", "infrastructure|platform|application"},
    {"layers.dependsOn", kStringOrStrings, false, "Layers that are applied before this one.", "[base]"},
    {"layers.manifests", kString, false, "A folder or file of plain manifests.", "deploy/manifests"},
    {"layers.kustomize", kString, false, "A folder with a kustomization.", "deploy/overlays/$(environment)"},
    {"layers.helm", kAny, false, "A Helm chart and its values.", "{ chart: charts/web }"},
    {"layers.split", kMaps, false, "Takes one rendering apart: the first match wins, the last part takes the rest.",
     "- { name: base, select: { kind: [Namespace] } }"},
    {"layers.split.name", kString, true, "The part's name: a layer of its own.", "base"},
    {"layers.split.tier", kString, false, "Which kind of thing it is.", "platform", "infrastructure|platform|application"},
    {"layers.split.select", kMap, false, "Which objects it takes; absent: all that are left.", "{ kind: [Namespace] }"},
    {"layers.split.select.kind", kStringOrStrings, false, "Kinds, as patterns.", "[Namespace, \"*Role\"]"},
    {"layers.split.select.name", kStringOrStrings, false, "Names, as patterns.", "[cache, database-*]"},
    {"layers.split.select.namespace", kStringOrStrings, false, "Namespaces, as patterns.", "[shop]"},
    {"layers.namespace", kString, false, "As in a kustomization.", "shop-$(environment)"},
    {"layers.namePrefix", kString, false, "As in a kustomization.", "dev-"},
    {"layers.nameSuffix", kString, false, "As in a kustomization.", "-v2"},
    {"layers.resources", kStrings, false, "As in a kustomization; beside the layer's input.", "[extra.yaml]"},
    {"layers.components", kStrings, false, "As in a kustomization.", "[components/tls]"},
    {"layers.labels", kAny, false, "As in a kustomization.", "[{ pairs: { team: shop } }]"},
    {"layers.commonLabels", kAny, false, "As in a kustomization.", "{ team: shop }"},
    {"layers.commonAnnotations", kAny, false, "As in a kustomization.", "{ owner: shop }"},
    {"layers.images", kAny, false, "As in a kustomization.", "[{ name: web, newTag: 1.2.3 }]"},
    {"layers.replicas", kAny, false, "As in a kustomization.", "[{ name: web, count: $(parameters.replicas) }]"},
    {"layers.patches", kAny, false, "As in a kustomization.", "[{ path: patch.yaml }]"},
    {"layers.patchesStrategicMerge", kAny, false, "As in a kustomization.", "[patch.yaml]"},
    {"layers.patchesJson6902", kAny, false, "As in a kustomization.", "[]"},
    {"layers.replacements", kAny, false, "As in a kustomization.", "[]"},
    {"layers.configMapGenerator", kAny, false, "As in a kustomization.", "[{ name: web, literals: [a=b] }]"},
    {"layers.secretGenerator", kAny, false, "As in a kustomization; readable secrets are refused at release.", "[]"},
    {"layers.generatorOptions", kAny, false, "As in a kustomization.", "{ disableNameSuffixHash: true }"},
    {"layers.transformers", kAny, false, "As in a kustomization (builtin kinds).", "[labels.yaml]"},
    {"layers.generators", kAny, false, "As in a kustomization (builtin kinds).", "[generator.yaml]"},
    {"layers.sortOptions", kAny, false, "As in a kustomization.", "{ order: legacy }"},

    {"parameters", kAny, false, "Values for $(parameters.x), for every environment.", "{ replicas: 2 }"},

    {"defaults", kMap, false, "The base of every environment: maps merge, lists and one-key choices replace.",
     "target: { directory: live/$(environment) }"},

    {"environments", kMaps, false, "The places that releases move through.", "- { name: staging, promotesFrom: [dev] }"},
    {"environments.name", kString, true, "The environment's name.", "staging"},
    {"environments.purpose", kString, false, "What it is for, in a few words.", "serves customers"},
    {"environments.labels", kAny, false, "Labels that bindings select by.", "{ tier: production }"},
    {"environments.parameters", kAny, false, "Values for $(parameters.x), over the project's.", "{ replicas: 3 }"},
    {"environments.promotesFrom", kStringOrStrings, false, "Where a release must be verified before it may enter.",
     "[staging]"},
    {"environments.target", kUnion, true, "What the environment is applied to.", "{ directory: live/$(environment) }"},
    {"environments.target.directory", kString, false, "A folder, beside pawl.yaml or absolute.", "live/$(environment)"},
    {"environments.target.git", kMap, false, "A branch of a Git repository, or a folder in it.",
     "{ url: \"git@git.example.com:acme/live.git\", branch: production }"},
    {"environments.target.git.url", kString, true, "The repository.", "git@git.example.com:acme/live.git"},
    {"environments.target.git.branch", kString, true, "The branch that is committed to.", "production"},
    {"environments.target.git.path", kString, false, "A folder inside the branch.", "clusters/production"},
    {"environments.gates", kUnions, false, "What must hold before a release enters, beside promotesFrom.", "- soak: 24h"},
    {"environments.gates.upstream", kString, false, "Whether all or any of promotesFrom must have verified it.", "any",
     "all|any"},
    {"environments.gates.soak", kDuration, false, "How long it must have been the verified head upstream.", "24h"},
    {"environments.gates.approval", kMap, false, "People who must agree; whoever asked never counts.",
     "{ count: 2, from: [sre] }"},
    {"environments.gates.approval.count", kInteger, false, "How many (1 where it is not said).", "2"},
    {"environments.gates.approval.from", kStringOrStrings, true, "Groups or people.", "[sre]"},
    {"environments.gates.window", kMap, false, "When a release may enter.",
     "{ schedule: \"0 9 * * 1-5\", duration: 7h, timeZone: Europe/Berlin }"},
    {"environments.gates.window.schedule", kString, true, "When the window opens: cron with five fields.", "0 9 * * 1-5"},
    {"environments.gates.window.duration", kDuration, true, "How long it stays open.", "7h"},
    {"environments.gates.window.timeZone", kString, false, "An IANA time zone; UTC where it is not said.", "Europe/Berlin"},
    {"environments.gates.window.deny", kString, false, "true: nothing enters while it is open.", "true", "true|false"},
    {"environments.verification", kMaps, false, "Checks that run after a bundle is applied.",
     "- { name: smoke, command: [tests/smoke.sh], timeout: 2m }"},
    {"environments.verification.name", kString, true, "The check's name.", "smoke"},
    {"environments.verification.command", kStrings, true, "The program and its arguments; files come from the release.",
     "[tests/smoke.sh]"},
    {"environments.verification.timeout", kDuration, false, "How long it may take (5m where it is not said).", "2m"},
    {"environments.onFailure", kString, false, "What follows a failed verification.", "rollback", "rollback|nothing"},
    {"environments.rollbackObeys", kStringOrStrings, false, "Gates that a rollback must pass too.", "[window]"},
    {"environments.allow", kAny, false, "Who may start what here: groups or people.", "{ promote: [sre] }"},

    {"people", kNamed, false, "Who may act, with their public keys.", "{ ada: keys/ada.pub }"},
    {"people.keys", kStringOrStrings, false, "Files with public keys.", "[keys/ada.pub]"},
    {"people.subjects", kStringOrStrings, false, "OIDC identities, \"issuer subject\".",
     "[\"https://accounts.example.com ada\"]"},
    {"groups", kAny, false, "Named sets of people.", "{ sre: [ada, grace] }"},
    {"trust", kAny, false, "Public keys that may sign in a role (release, checks).", "{ release: [keys/ci.pub] }"},
    {"allow", kAny, false, "Who may start what, in every environment.", "{ apply: [ada] }"},
});

std::string_view canonical(std::string_view path) {
  constexpr std::string_view kDefaults = "defaults";
  if (path == kDefaults) return "environments";
  return path;
}

}  // namespace

std::string_view words_for(FieldType type) {
  switch (type) {
    case kString: return "a string";
    case kInteger: return "a whole number";
    case kDuration: return "a duration (30s, 10m, 24h)";
    case kStrings: return "a list of strings";
    case kStringOrStrings: return "a string or a list of strings";
    case kMap: return "a map";
    case kMaps: return "a list of maps";
    case kUnion: return "a map with one key";
    case kUnions: return "a list of maps with one key each";
    case kNamed: return "a map from names";
    case kAny: return "a map or a list";
  }
  return "";
}

std::span<const FieldDefinition> definitions() { return kDefinitions; }

const FieldDefinition* find_definition(std::string_view path) {
  std::string under(path);
  if (under.starts_with("defaults.")) under = "environments." + under.substr(9);
  for (const FieldDefinition& definition : kDefinitions) {
    if (definition.path == under) return &definition;
  }
  return nullptr;
}

std::vector<const FieldDefinition*> fields_below(std::string_view raw) {
  std::string path(canonical(raw));
  if (path.starts_with("defaults.")) path = "environments." + path.substr(9);
  std::vector<const FieldDefinition*> out;
  for (const FieldDefinition& definition : kDefinitions) {
    std::string_view rest = definition.path;
    if (!path.empty()) {
      bool below = rest.size() > path.size() + 1 && rest.starts_with(path) && rest[path.size()] == '.';
      if (!below) continue;
      rest.remove_prefix(path.size() + 1);
    }
    if (rest.find('.') == std::string_view::npos) out.push_back(&definition);
  }
  return out;
}

std::string_view leaf_of(std::string_view path) {
  std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

}  // namespace pawl::model

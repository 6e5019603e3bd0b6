#include "core/render/field_spec.h"

#include <array>

namespace pawl::render {

using format::Value;

bool applies(const FieldSpec& spec, const Item& item) {
  if (!spec.kind.empty() && spec.kind != item.kind()) return false;
  std::string_view api_version = item.object.string_at("apiVersion");
  if (!spec.group.empty() && spec.group != group_of(api_version)) return false;
  return spec.version.empty() || spec.version == version_of(api_version);
}

namespace {

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\' && i + 1 < path.size() && path[i + 1] == '/')
      parts.back() += path[++i];
    else if (path[i] == '/')
      parts.emplace_back();
    else
      parts.back() += path[i];
  }
  return parts;
}

struct FieldWalk {
  format::Arena& arena;
  std::span<const std::string> parts;
  bool create;
  const std::function<void(Value&)>& visit;

  void go(Value& at, std::size_t i) {
    if (at.is_list()) {
      for (Value& item : at.items()) go(item, i);
      return;
    }
    if (i == parts.size()) return visit(at);
    if (!at.is_map()) return;
    std::string_view name = parts[i];
    bool list = name.ends_with("[]");
    if (list) name.remove_suffix(2);
    Value* next = at.find(name);
    if (next == nullptr || next->is_null()) {
      if (!create || list) return;
      bool last = i + 1 == parts.size();
      next = &at.set(arena, name, last ? Value::null() : Value::map());
    }
    if (i + 1 == parts.size() && !next->is_list())
      visit(*next);
    else
      go(*next, i + 1);
  }
};

const std::array<std::string, 2> kStatefulKinds = {"Deployment", "StatefulSet"};

std::vector<FieldSpec> make_metadata_labels() {
  return {
      {.path = "metadata/labels", .create = true},
      {.path = "spec/template/metadata/labels", .kind = "ReplicationController", .version = "v1", .create = true},
      {.path = "spec/template/metadata/labels", .kind = "Deployment", .create = true},
      {.path = "spec/template/metadata/labels", .kind = "ReplicaSet", .create = true},
      {.path = "spec/template/metadata/labels", .kind = "DaemonSet", .create = true},
      {.path = "spec/template/metadata/labels", .kind = "StatefulSet", .group = "apps", .create = true},
      {.path = "spec/template/metadata/labels", .kind = "Job", .group = "batch", .create = true},
      {.path = "spec/jobTemplate/metadata/labels", .kind = "CronJob", .group = "batch", .create = true},
      {.path = "spec/jobTemplate/spec/template/metadata/labels", .kind = "CronJob", .group = "batch", .create = true}};
}

std::vector<FieldSpec> make_selectors() {
  std::vector<FieldSpec> out = {
      {.path = "spec/selector", .kind = "Service", .version = "v1", .create = true},
      {.path = "spec/selector", .kind = "ReplicationController", .version = "v1", .create = true},
      {.path = "spec/selector/matchLabels", .kind = "Deployment", .create = true},
      {.path = "spec/selector/matchLabels", .kind = "ReplicaSet", .create = true},
      {.path = "spec/selector/matchLabels", .kind = "DaemonSet", .create = true},
      {.path = "spec/selector/matchLabels", .kind = "StatefulSet", .group = "apps", .create = true},
      {.path = "spec/selector/matchLabels", .kind = "Job", .group = "batch"},
      {.path = "spec/jobTemplate/spec/selector/matchLabels", .kind = "CronJob", .group = "batch"},
      {.path = "spec/selector/matchLabels", .kind = "PodDisruptionBudget", .group = "policy"},
      {.path = "spec/podSelector/matchLabels", .kind = "NetworkPolicy", .group = "networking.k8s.io"},
      {.path = "spec/ingress/from/podSelector/matchLabels", .kind = "NetworkPolicy", .group = "networking.k8s.io"},
      {.path = "spec/egress/to/podSelector/matchLabels", .kind = "NetworkPolicy", .group = "networking.k8s.io"}};
  for (const std::string& kind : kStatefulKinds) {
    for (std::string affinity : {"podAffinity", "podAntiAffinity"}) {
      std::string base = "spec/template/spec/affinity/" + affinity;
      out.push_back(
          {.path = base + "/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
           .kind = kind,
           .group = "apps"});
      out.push_back({.path = base + "/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
                     .kind = kind,
                     .group = "apps"});
    }
    out.push_back({.path = "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
                   .kind = kind,
                   .group = "apps"});
  }
  return out;
}

std::vector<FieldSpec> make_annotations() {
  std::vector<FieldSpec> out = make_metadata_labels();
  for (FieldSpec& spec : out) {
    spec.path.replace(spec.path.rfind("labels"), 6, "annotations");
    if (spec.kind == "StatefulSet") spec.group.clear();
  }
  return out;
}

}  // namespace

void visit_field(format::Arena& arena, Value& object, const FieldSpec& spec, const std::function<void(Value&)>& visit) {
  std::vector<std::string> parts = parts_of(spec.path);
  FieldWalk{arena, parts, spec.create, visit}.go(object, 0);
}

std::span<const FieldSpec> metadata_label_specs() {
  static const std::vector<FieldSpec> kSpecs = make_metadata_labels();
  return kSpecs;
}

std::span<const FieldSpec> selector_specs() {
  static const std::vector<FieldSpec> kSpecs = make_selectors();
  return kSpecs;
}

std::span<const FieldSpec> volume_claim_label_specs() {
  static const std::vector<FieldSpec> kSpecs = {
      {.path = "spec/volumeClaimTemplates[]/metadata/labels", .kind = "StatefulSet", .group = "apps", .create = true}};
  return kSpecs;
}

std::span<const FieldSpec> annotation_specs() {
  static const std::vector<FieldSpec> kSpecs = make_annotations();
  return kSpecs;
}

std::span<const FieldSpec> namespace_specs() {
  static const std::vector<FieldSpec> kSpecs = {
      {.path = "spec/service/namespace", .kind = "APIService", .group = "apiregistration.k8s.io", .create = true},
      {.path = "spec/conversion/webhook/clientConfig/service/namespace",
       .kind = "CustomResourceDefinition",
       .group = "apiextensions.k8s.io"}};
  return kSpecs;
}

std::span<const FieldSpec> replica_specs() {
  static const std::vector<FieldSpec> kSpecs = {
      {.path = "spec/replicas", .kind = "Deployment", .create = true},
      {.path = "spec/replicas", .kind = "ReplicationController", .create = true},
      {.path = "spec/replicas", .kind = "ReplicaSet", .create = true},
      {.path = "spec/replicas", .kind = "StatefulSet", .create = true}};
  return kSpecs;
}

}  // namespace pawl::render

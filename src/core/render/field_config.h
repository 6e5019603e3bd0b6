#pragma once

#include <memory>

#include "core/render/field_spec.h"

namespace pawl::render {

// Fields that name objects of a kind.
struct BackReference {
  Gvk target = {};
  FieldSpecs referrers = {};
};
template <class R>
void fields(R& r, BackReference& x) {
  fields(r, x.target);
  r("fieldSpecs", x.referrers);
}

// Where each transformer works: kustomize's defaults, and what `configurations` and `crds` add.
struct FieldConfig {
  FieldSpecs name_prefix = {};
  FieldSpecs name_suffix = {};
  FieldSpecs space = {};
  FieldSpecs common_labels = {};
  FieldSpecs labels = {};
  FieldSpecs template_labels = {};
  FieldSpecs claim_template_labels = {};
  FieldSpecs common_annotations = {};
  std::vector<BackReference> name_references = {};
  FieldSpecs variable_references = {};
  FieldSpecs images = {};
  FieldSpecs replicas = {};
};
template <class R>
void fields(R& r, FieldConfig& x) {
  r("namePrefix", x.name_prefix);
  r("nameSuffix", x.name_suffix);
  r("namespace", x.space);
  r("commonLabels", x.common_labels);
  r("labels", x.labels);
  r("templateLabels", x.template_labels);
  r("volumeClaimTemplateLabels", x.claim_template_labels);
  r("commonAnnotations", x.common_annotations);
  r("nameReference", x.name_references);
  r("varReference", x.variable_references);
  r("images", x.images);
  r("replicas", x.replicas);
}

// Shared, because nearly every folder has the defaults.
using FieldConfigPtr = std::shared_ptr<const FieldConfig>;

FieldConfigPtr default_field_config();
// Adds what `more` says and `base` does not. Errors: kInvalid where both name a field and disagree on making it.
Result<FieldConfigPtr> merge(const FieldConfigPtr& base, const FieldConfigPtr& more);
Status merge_specs(FieldSpecs& into, std::span<const FieldSpec> more);

// A file of `configurations` (a tree of text).
Result<FieldConfigPtr> read_field_config(const format::Value& root, const std::string& file);
// A file of `crds`: OpenAPI definitions whose x-kubernetes- extensions say which fields hold names, labels,
// annotations.
Result<FieldConfigPtr> field_config_of_crds(format::Arena& arena, const format::Value& definitions);

}  // namespace pawl::render

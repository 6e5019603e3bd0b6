#pragma once

#include "core/render/read_fields.h"
#include "core/render/res_id.h"

namespace pawl::render {

// What stands in kustomization files and in the configurations of transformers, as kustomize's types have it.

template <class R>
void fields(R& r, Gvk& x) {
  r("group", x.group);
  r("version", x.version);
  r("kind", x.kind);
}

// Where a transformer works: a path in objects of a kind. "a/b[]/c": lists on the way are walked, with or without the
// brackets; "\/" is a slash inside a key.
struct FieldSpec {
  Gvk gvk = {};
  std::string_view path = {};
  bool create = false;  // makes what is missing on the way
  bool operator==(const FieldSpec&) const = default;
};
using FieldSpecs = std::vector<FieldSpec>;
template <class R>
void fields(R& r, FieldSpec& x) {
  fields(r, x.gvk);
  r("path", x.path);
  r("create", x.create);
}

struct Label {
  Pairs pairs;
  bool selectors = false;
  bool templates = false;
  bool claim_templates = false;
  FieldSpecs specs;
};
template <class R>
void fields(R& r, Label& x) {
  r("pairs", x.pairs);
  r("includeSelectors", x.selectors);
  r("includeTemplates", x.templates);
  r("includeVolumeClaimTemplates", x.claim_templates);
  r("fields", x.specs);
}

// Which objects are meant: patterns, and label selectors.
struct Selector {
  Gvk gvk = {};
  std::string_view name = {};
  std::string_view space = {};
  std::string_view labels = {};
  std::string_view annotations = {};
};
template <class R>
void fields(R& r, Selector& x) {
  fields(r, x.gvk);
  r("name", x.name);
  r("namespace", x.space);
  r("labelSelector", x.labels);
  r("annotationSelector", x.annotations);
}

struct PatchOptions {
  bool rename = false;
  bool rekind = false;
};
template <class R>
void fields(R& r, PatchOptions& x) {
  r("allowNameChange", x.rename);
  r("allowKindChange", x.rekind);
}

struct Patch {
  std::string_view path = {};
  std::string_view patch = {};
  std::optional<Selector> target = {};
  std::optional<PatchOptions> options = {};
};
template <class R>
void fields(R& r, Patch& x) {
  r("path", x.path);
  r("patch", x.patch);
  r("target", x.target);
  r("options", x.options);
}

struct Image {
  std::string_view name = {};
  std::string_view new_name = {};
  std::string_view tag_suffix = {};
  std::string_view new_tag = {};
  std::string_view digest = {};
};
template <class R>
void fields(R& r, Image& x) {
  r("name", x.name);
  r("newName", x.new_name);
  r("tagSuffix", x.tag_suffix);
  r("newTag", x.new_tag);
  r("digest", x.digest);
}

struct Replica {
  std::string_view name = {};
  std::int64_t count = 0;
};
template <class R>
void fields(R& r, Replica& x) {
  r("name", x.name);
  r("count", x.count);
}

// How a replacement takes a value apart, and puts it in.
struct FieldOptions {
  std::string_view delimiter = {};
  std::int64_t index = 0;
  std::string_view encoding = {};  // read, and without effect, as in kustomize
  bool create = false;
};
template <class R>
void fields(R& r, FieldOptions& x) {
  r("delimiter", x.delimiter);
  r("index", x.index);
  r("encoding", x.encoding);
  r("create", x.create);
}

struct ReplacementSource {
  Gvk gvk = {};
  std::string_view name = {};
  std::string_view space = {};
  std::string_view path = {};
  std::optional<FieldOptions> options = {};
};
template <class R>
void fields(R& r, ReplacementSource& x) {
  fields(r, x.gvk);
  r("name", x.name);
  r("namespace", x.space);
  r("fieldPath", x.path);
  r("options", x.options);
}

struct ReplacementTarget {
  std::optional<Selector> select = {};
  std::vector<Selector> reject = {};
  std::vector<std::string_view> paths = {};
  std::optional<FieldOptions> options = {};
};
template <class R>
void fields(R& r, ReplacementTarget& x) {
  r("select", x.select);
  r("reject", x.reject);
  r("fieldPaths", x.paths);
  r("options", x.options);
}

struct Replacement {
  std::optional<ReplacementSource> source = {};
  std::optional<std::vector<ReplacementTarget>> targets = {};
  std::optional<std::string_view> value = {};
  std::string_view path = {};  // of a file that holds the rest
};
template <class R>
void fields(R& r, Replacement& x) {
  r("source", x.source);
  r("targets", x.targets);
  r("sourceValue", x.value);
  r("path", x.path);
}

struct VariableTarget {
  std::string_view api_version = {};
  Gvk gvk = {};
  std::string_view name = {};
  std::string_view space = {};
};
template <class R>
void fields(R& r, VariableTarget& x) {
  r("apiVersion", x.api_version);
  fields(r, x.gvk);
  r("name", x.name);
  r("namespace", x.space);
}

struct FieldReference {
  std::string_view path = {};
};
template <class R>
void fields(R& r, FieldReference& x) {
  r("fieldPath", x.path);
}

// $(NAME) stands for a field of an object.
struct Variable {
  std::string_view name = {};
  VariableTarget target = {};
  FieldReference field = {};
};
template <class R>
void fields(R& r, Variable& x) {
  r("name", x.name);
  r("objref", x.target);
  r("fieldref", x.field);
}

struct GeneratorOptions {
  Pairs labels = {};
  Pairs annotations = {};
  bool no_hash = false;
  bool immutable = false;
};
template <class R>
void fields(R& r, GeneratorOptions& x) {
  r("labels", x.labels);
  r("annotations", x.annotations);
  r("disableNameSuffixHash", x.no_hash);
  r("immutable", x.immutable);
}

// A generated ConfigMap or Secret; `type` is of Secrets.
struct GeneratorArgs {
  std::string_view space = {};
  std::string_view name = {};
  std::string_view behavior = {};
  std::vector<std::string_view> literals = {};
  std::vector<std::string_view> files = {};
  std::vector<std::string_view> envs = {};
  std::string_view env = {};
  std::optional<GeneratorOptions> options = {};
  std::string_view type = {};
};
template <class R>
void fields(R& r, GeneratorArgs& x) {
  r("namespace", x.space);
  r("name", x.name);
  r("behavior", x.behavior);
  r("literals", x.literals);
  r("files", x.files);
  r("envs", x.envs);
  r("env", x.env);
  r("options", x.options);
}
struct SecretArgs : GeneratorArgs {};
template <class R>
void fields(R& r, SecretArgs& x) {
  fields(r, static_cast<GeneratorArgs&>(x));
  r("type", x.type);
}

struct LegacyOrder {
  std::vector<std::string_view> first = {};
  std::vector<std::string_view> last = {};
};
template <class R>
void fields(R& r, LegacyOrder& x) {
  r("orderFirst", x.first);
  r("orderLast", x.last);
}

struct SortOptions {
  std::string_view order = {};
  std::optional<LegacyOrder> legacy = {};
};
template <class R>
void fields(R& r, SortOptions& x) {
  r("order", x.order);
  r("legacySortOptions", x.legacy);
}

struct ObjectMeta {
  std::string_view name = {};
  std::string_view space = {};
  Pairs labels = {};
  Pairs annotations = {};
};
template <class R>
void fields(R& r, ObjectMeta& x) {
  r("name", x.name);
  r("namespace", x.space);
  r("labels", x.labels);
  r("annotations", x.annotations);
}

}  // namespace pawl::render

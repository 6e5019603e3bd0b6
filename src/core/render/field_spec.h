#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/render/resource.h"

namespace pawl::render {

// Where a transformer works: a path in objects of a kind, as kustomize's fieldSpecs say it. "a/b[]/c": lists on the way
// are walked, with or without the brackets; "\/" is a slash inside a key.
struct FieldSpec {
  std::string path;
  std::string kind = {};  // "" for any
  std::string group = {};
  std::string version = {};
  bool create = false;  // makes what is missing on the way
};

bool applies(const FieldSpec& spec, const Item& item);

// Calls `visit` with every value at the path. Where the path ends in nothing and `create` is set, an empty value is
// made: null, for `visit` to fill.
void visit_field(format::Arena& arena, format::Value& object, const FieldSpec& spec,
                 const std::function<void(format::Value&)>& visit);

// kustomize's default field specs.
std::span<const FieldSpec> metadata_label_specs();  // metadata/labels, and those of pod templates
std::span<const FieldSpec> selector_specs();
std::span<const FieldSpec> volume_claim_label_specs();
std::span<const FieldSpec> annotation_specs();
std::span<const FieldSpec> namespace_specs();
std::span<const FieldSpec> replica_specs();

}  // namespace pawl::render

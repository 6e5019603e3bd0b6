#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "core/policy/read.h"
#include "core/policy/resource.h"
#include "format/value.h"

namespace pawl::policy {

// The CustomResourceDefinition of a kind among documents, or null.
const format::Value* find_definition(std::span<const format::Value> documents, const Kind& kind);

// The schema of `spec` in a definition's version, or null where it has none.
const format::Value* spec_schema(const format::Value& definition, std::string_view version);

// The object that a policy reads as `params`: of `kind` under `name`, with `spec`, in which the defaults of the
// definition's schema are filled in. Without a definition (null) nothing is judged and nothing filled in. It lives in
// `arena` and in `spec`. Errors: kInvalid with everything in `spec` that the schema does not allow, at its place in the
// file that `options` name: types, enum, minimum, maximum, pattern, minItems, date-time, required, unknown fields.
Result<format::Value> make_params(format::Arena& arena, const format::Value* definition, const Kind& kind,
                                  std::string_view name, const format::Value& spec, const ReadOptions& options = {});

}  // namespace pawl::policy

#pragma once

#include <string_view>

#include "format/value.h"

namespace pawl::model {

inline constexpr std::string_view kHidden = "(hidden)";

// Whether `object` is a core Secret, the only kind whose data and stringData hold values that nobody may see.
bool is_secret(const format::Value& object);

// `object` with every value under a Secret's data and stringData, and in its last-applied annotation, replaced by
// kHidden: for plans, differences and drift. Copies only Secrets.
format::Value redact(format::Arena& arena, const format::Value& object);

}  // namespace pawl::model

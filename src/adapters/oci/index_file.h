#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/model/release.h"

namespace pawl::oci {

inline constexpr std::string_view kRefName = "org.opencontainers.image.ref.name";

// The text of an index.json without entries.
std::string empty_index();

// The manifest that `index` names by `name`, without the annotation that says so. Errors: kInvalid for a file that is
// no index, and for a name that stands twice.
Result<std::optional<model::Descriptor>> find_tag(std::string index, std::string_view name);

// Whether a manifest with this digest stands in the index.
Result<bool> names_digest(std::string index, const crypto::Digest& digest);

// The index with `name` naming `manifest`, in place of an earlier one; everything else in it stays as it was.
Result<std::string> with_tag(std::string index, std::string_view name, const model::Descriptor& manifest);

}  // namespace pawl::oci

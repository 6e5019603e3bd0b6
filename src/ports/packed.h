#pragma once

#include "ports/sources.h"

namespace pawl::ports {

// Whether a locked source lies in a registry or a chart repository as archives that have digests of their own:
// artifacts and charts. Git repositories and folders have the digest of their files.
bool is_packed(const model::LockedSource& locked);
// The repository of a packed source in a registry.
Result<format::ImageReference> repository_of(const model::LockedSource& locked);

// The files of a packed source, put together from what `reader` fetches by digest. Errors: the reader's, and those of
// model::artifact_files() and model::unpack_chart(); kInvalid without a digest.
Result<FileTree> fetch_packed(SourceReader& reader, const Context& context, const model::LockedSource& locked);

}  // namespace pawl::ports

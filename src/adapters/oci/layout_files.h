#pragma once

#include <map>
#include <string>

#include "adapters/oci/blob_files.h"
#include "core/model/release.h"

namespace pawl::oci {

// Whether the folder's oci-layout names a version that is known. Errors: kInvalid.
Status check_layout_version(const std::string& folder);

// Reads index.json and every list of referrers, and holds what they say against the blobs; returns the names. Entries
// without a name that are not stored here are other tools', and left alone. Errors: kIntegrity naming the file.
Result<std::map<std::string, model::Descriptor>> check_layout_files(const std::string& folder, const BlobFiles& blobs);

}  // namespace pawl::oci

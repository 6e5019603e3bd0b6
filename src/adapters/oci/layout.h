#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ports/blobs.h"

namespace pawl::oci {

// Opens an OCI image layout folder (image-spec "OCI Image Layout"), making it where there is none.
//
//   oci-layout                     the layout's version
//   index.json                     what tag() named, each with org.opencontainers.image.ref.name; other tools read this
//   blobs/sha256/HEX               every blob
//   referrers/sha256-HEX.json      for each subject the OCI index of what is attached to it (Referrers Tag Schema)
//
// Records are attached by the thousand, tags by the dozen, and index.json is rewritten whole: so the referrers index of
// a subject is a file of its own, and is also put into index.json under its tag "sha256-HEX" only when the subject
// itself is named there. That is what lets others discover the records of a release, and keeps both files small.
//
// Changes of index.json and of referrers are read, merged and written under a lock on the file ".lock", by rename.
// Errors: kInvalid for a layout of another version; kUnavailable; kDenied.
Result<std::shared_ptr<ports::Blobs>> open_oci_layout(const std::string& folder);

}  // namespace pawl::oci

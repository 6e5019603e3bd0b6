#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/model/release.h"
#include "format/value.h"

namespace pawl::model {

// OCI referrers (image-spec 1.1, distribution-spec "Referrers Tag Schema"): how a record is attached to a manifest, and
// how what is attached is found where no referrers API answers. Readers take fields that they do not know: others write
// these documents too.

inline constexpr std::string_view kEmptyType = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view kEmptyBytes = "{}";

// The manifest that attaches `record` to `subject`: an empty config and the record as the one layer. A function of its
// arguments, so that attaching twice is attaching once.
std::string encode_referrer(const Descriptor& subject, std::string_view artifact_type, const Descriptor& record);

struct Referrer {
  std::string artifact_type;
  crypto::Digest subject;
  Descriptor record;
};
// Errors: kInvalid for what is no manifest with a subject and exactly one layer.
Result<Referrer> decode_referrer(std::string bytes);

// An index of referrers' descriptors, sorted by digest.
std::string encode_referrers(std::vector<Descriptor> referrers);
Result<std::vector<Descriptor>> decode_referrers(std::string bytes);

// The tag under which a subject's referrers index is found: "sha256-" and 64 digits.
std::string referrers_tag(const crypto::Digest& subject);
// The subject that such a tag names. Errors: kInvalid for another name.
Result<crypto::Digest> subject_of_tag(std::string_view tag);

// One descriptor as indexes and manifests hold it.
format::Value descriptor_to_value(format::Arena& arena, const Descriptor& descriptor);
// Errors: kInvalid for a missing or malformed mediaType, digest or size.
Result<Descriptor> descriptor_from_value(const format::Value& value);

}  // namespace pawl::model

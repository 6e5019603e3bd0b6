#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/release.h"
#include "format/value.h"

namespace pawl::bundle {

inline constexpr std::string_view kAllowPlainSecret = "pawl.dev/allow-plain-secret";

// Whether `object` is a Secret with data that can be read (data or stringData with any value that is not
// SOPS-encrypted: ENC[...] under a sops: block). The answer never holds the value.
bool has_plain_secret(const format::Value& object);

// Refuses plain secrets unless the object carries the annotation kAllowPlainSecret with a reason. Errors: kDenied
// naming object and file, with the ways out (SealedSecret, SOPS, external reference, the annotation).
Status check_secret(const format::Value& object, const std::string& file);

// Every secret that `object` is or refers to (env, envFrom, volumes, imagePullSecrets, kinds that carry secrets).
std::vector<model::InventorySecret> find_secrets(const format::Value& object);

}  // namespace pawl::bundle

#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ports/signer.h"

namespace pawl::keys {

// The path of this user's own key: PAWL_KEY, else "key.pem" in the user's configuration folder (XDG).
std::string personal_key_path();

// Signs with key files: the release key of the store's `folder` (".pawl/keys"), and the personal key at `personal`,
// which need not exist unless PAWL_KEY names it. Files are read when they are first needed; the passphrase of an
// encrypted one as passphrase.h says. Thread-safe.
std::shared_ptr<ports::Signer> make_key_signer(std::string folder, std::string personal = personal_key_path());

}  // namespace pawl::keys

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "format/url.h"

namespace pawl::registry {

using format::is_loopback;
using format::parse_url;
using format::Url;

// Whether a registry's token service on `realm` may see the credentials that the user has for `registry`: the same
// host, a host above or below it, or a neighbour under one name that one owner registers. Addresses must be equal.
bool may_share_credentials(std::string_view registry, std::string_view realm);

}  // namespace pawl::registry

#include "adapters/registry/url.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace pawl::registry {

namespace {

bool is_address(std::string_view host) {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Names under which strangers are each other's neighbours.
bool is_shared_suffix(std::string_view parent) {
  constexpr std::array<std::string_view, 14> kShared = {
      "azurecr.io", "github.io",   "amazonaws.com", "cloudfront.net",   "herokuapp.com",
      "jfrog.io",   "fly.dev",     "pkg.dev",       "netlify.app",      "vercel.app",
      "web.app",    "workers.dev", "pages.dev",     "azurewebsites.net"};
  if (std::find(kShared.begin(), kShared.end(), parent) != kShared.end()) return true;
  std::vector<std::string_view> labels = split(parent, '.');
  if (labels.size() != 2) return labels.size() < 2;
  constexpr std::array<std::string_view, 11> kSecond = {"co", "com", "org", "net", "gov", "edu",
                                                        "ac", "or",  "ne",  "go",  "gob"};
  bool country = labels[1].size() == 2;
  return country && std::find(kSecond.begin(), kSecond.end(), labels[0]) != kSecond.end();
}

std::string_view parent_of(std::string_view host) {
  std::size_t dot = host.find('.');
  return dot == std::string_view::npos ? std::string_view() : host.substr(dot + 1);
}

bool is_below(std::string_view host, std::string_view above) {
  return host.size() > above.size() + 1 && host.ends_with(above) && host[host.size() - above.size() - 1] == '.';
}

}  // namespace

bool may_share_credentials(std::string_view registry, std::string_view realm) {
  if (registry == realm) return true;
  if (is_address(registry) || is_address(realm)) return false;
  if (is_below(realm, registry)) return !is_shared_suffix(registry);
  if (is_below(registry, realm)) return !is_shared_suffix(realm);
  return parent_of(registry) == parent_of(realm) && !is_shared_suffix(parent_of(registry));
}

}  // namespace pawl::registry

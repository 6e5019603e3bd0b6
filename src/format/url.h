#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::format {

// An http or https URL, read strictly: what is compared here must be what is dialled. No user, no fragment, no
// backslash, no control characters, a host of letters, digits, "-", "." or an address in brackets.
struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case, without port; an IPv6 address keeps its brackets
  std::string port;    // "" where none is named
  std::string path;    // with the query; begins with "/", or is ""

  std::string origin() const { return scheme + "://" + host + (port.empty() ? "" : ":" + port); }
  std::string str() const { return origin() + path; }
};
std::optional<Url> parse_url(std::string_view text);

// localhost, 127.0.0.0/8 as four decimal numbers, [::1]. "127.evil.example" is none.
bool is_loopback(std::string_view host);

// Whether what is sent there is for the one asked alone: https, or this machine.
bool is_private(const Url& url);

}  // namespace pawl::format

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::cel::lib {

// What Go's net/url.ParseRequestURI says against `text`, or nothing: an absolute URL or an absolute path (RFC 3986).
std::optional<std::string> request_uri_fault(std::string_view text);

// A URL as Kubernetes' CEL reads it: ParseRequestURI must take it, then net/url.Parse makes the parts, so that a
// fragment is one. More than registry::Url takes, which is for what is dialled.
struct Url {
  std::string scheme;  // lower case
  std::string opaque;  // of "mailto:x"
  struct User {
    std::string name;
    std::optional<std::string> password;
  };
  std::optional<User> user;
  std::string host;  // with the port
  std::string path;  // unescaped
  std::string raw_query;
  std::string fragment;  // unescaped

  // Errors: kInvalid with Kubernetes' text.
  static Result<Url> parse(std::string_view text);

  std::string hostname() const;  // without port and brackets
  std::string port() const;      // "" where there is none
  std::string escaped_path() const;
  // Values of each name in their order; what cannot be unescaped is left out, everything past 10,000 parameters.
  std::map<std::string, std::vector<std::string>> query() const;
  std::string text() const;  // put together again; equal URLs have equal texts

  // How path and fragment were written, where escape() would write them otherwise; how the rest was.
  std::string raw_path;
  std::string raw_fragment;
  bool empty_query = false;   // ends in "?"
  bool no_authority = false;  // "scheme:/path"
};

}  // namespace pawl::cel::lib

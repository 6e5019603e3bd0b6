#include "format/url.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace pawl::format {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_host(std::string_view host) {
  bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    std::string_view inner = host.substr(1, host.size() - 2);
    return inner.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
  }
  bool good = !host.empty() && host.front() != '-' && host.front() != '.' && host.size() <= 253;
  return good && std::all_of(host.begin(), host.end(),
                             [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.'; });
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  Url out;
  std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || text.size() > 8192) return std::nullopt;
  out.scheme = to_lower(text.substr(0, scheme_end));
  if (out.scheme != "http" && out.scheme != "https") return std::nullopt;
  bool strange = std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7f || c == '\\' || c == '#';
  });
  if (strange) return std::nullopt;
  std::string_view rest = text.substr(scheme_end + 3);
  std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, end);
  out.path = rest.substr(end);
  if (out.path.starts_with('?')) out.path.insert(0, "/");
  std::size_t bracket = authority.rfind(']');
  std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  out.host = to_lower(authority.substr(0, colon));
  if (colon != std::string_view::npos) out.port = authority.substr(colon + 1);
  bool bad_port = colon != std::string_view::npos &&
                  (out.port.empty() || out.port.size() > 5 || !std::all_of(out.port.begin(), out.port.end(), is_digit));
  if (bad_port || !is_host(out.host)) return std::nullopt;
  return out;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  std::vector<std::string_view> parts = split(host, '.');
  return parts.size() == 4 && parts[0] == "127" && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return !part.empty() && part.size() <= 3 && std::all_of(part.begin(), part.end(), is_digit);
         });
}

bool is_private(const Url& url) { return url.scheme == "https" || is_loopback(url.host); }

}  // namespace pawl::format

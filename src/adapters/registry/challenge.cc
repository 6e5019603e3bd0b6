#include "adapters/registry/challenge.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "format/json.h"

namespace pawl::registry {

namespace {

// Takes one key="value" or key=value from the front of `text`, and the comma behind it.
bool take_parameter(std::string_view& text, std::map<std::string, std::string>& out) {
  std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  std::string key = to_lower(trim(text.substr(0, equals)));
  text.remove_prefix(equals + 1);
  bool quoted = text.starts_with('"');
  std::size_t end = quoted ? text.find('"', 1) : std::min(text.find(','), text.size());
  if (end == std::string_view::npos) return false;
  out[key] = quoted ? std::string(text.substr(1, end - 1)) : std::string(trim(text.substr(0, end)));
  std::size_t comma = text.find(',', end);
  text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  return !text.empty();
}

}  // namespace

std::string url_encode(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                 c == '.' || c == '~';
    out += plain ? std::string(1, c) : "%" + to_hex(std::string_view(&c, 1));
  }
  return out;
}

Challenge parse_challenge(std::string_view header) {
  std::size_t space = std::min(header.find(' '), header.size());
  Challenge out{to_lower(header.substr(0, space)), {}};
  std::string_view rest = header.substr(space);
  while (take_parameter(rest, out.parameters)) {
  }
  return out;
}

Result<os::HttpRequest> token_request(const Challenge& challenge, const Url& registry, const std::string& repository,
                                      const Credentials& credentials) {
  auto named = challenge.parameters.find("realm");
  std::string text = named == challenge.parameters.end() ? "" : named->second;
  std::optional<Url> realm = parse_url(text);
  if (!realm)
    return Error(ErrorCode::kDenied, registry.host + " names a token service that is no URL, \"" +
                                         escape_terminal(text.substr(0, 100)) + "\"");
  bool secure = realm->scheme == "https" || (is_loopback(realm->host) && is_loopback(registry.host));
  if (!secure)
    return Error(ErrorCode::kDenied, registry.host + " names a token service without TLS, " + realm->origin());
  auto service = challenge.parameters.find("service");
  std::string query = "scope=" + url_encode("repository:" + repository + ":pull");
  if (service != challenge.parameters.end()) query = "service=" + url_encode(service->second) + "&" + query;
  bool trusted = may_share_credentials(registry.host, realm->host);
  os::HttpRequest request;
  request.url = realm->str();
  if (trusted && !credentials.identity_token.empty()) {
    request.method = "POST";
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.body =
        query + "&grant_type=refresh_token&client_id=pawl&refresh_token=" + url_encode(credentials.identity_token);
    return request;
  }
  request.url += (realm->path.find('?') == std::string::npos ? "?" : "&") + query;
  if (trusted && !credentials.basic().empty()) request.headers.push_back({"Authorization", credentials.basic()});
  return request;
}

Result<std::string> read_token(std::string body, const Url& registry) {
  constexpr std::size_t kLongest = 64 << 10;
  format::Arena arena;
  Result<format::Value> root = format::parse_json(arena, std::move(body));
  std::string token;
  if (root) token = root->string_at("token").empty() ? root->string_at("access_token") : root->string_at("token");
  bool good = !token.empty() && token.size() <= kLongest &&
              std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!good) return Error(ErrorCode::kDenied, "the token service of " + registry.host + " gives no token");
  return token;
}

}  // namespace pawl::registry

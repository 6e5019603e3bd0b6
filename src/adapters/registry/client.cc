#include "adapters/registry/client.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "base/encoding.h"
#include "base/text.h"
#include "format/json.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::registry {

namespace {

constexpr std::string_view kAccept =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";
constexpr int kTries = 4;
constexpr int kMostRedirects = 3;

std::string host_of(std::string_view url) {
  std::size_t scheme = url.find("://");
  std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  return to_lower(rest.substr(0, rest.find('/')));
}

std::string without_port(const std::string& host) {
  return host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
}

bool is_loopback(const std::string& host) {
  std::string name = without_port(host);
  return name == "localhost" || name.starts_with("127.") || name == "[::1]";
}

// The last two labels: who a host belongs to, near enough to keep credentials at home.
std::string owner_of(const std::string& host) {
  std::string name = without_port(host);
  std::size_t last = name.rfind('.');
  std::size_t before = last == std::string::npos || last == 0 ? std::string::npos : name.rfind('.', last - 1);
  return before == std::string::npos ? name : name.substr(before + 1);
}

// key="value" pairs of a WWW-Authenticate header behind its scheme.
std::map<std::string, std::string> parse_challenge(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) break;
    std::string key = to_lower(trim(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
    bool quoted = text.starts_with('"');
    std::size_t end = quoted ? text.find('"', 1) : text.find(',');
    if (quoted && end == std::string_view::npos) break;
    out[key] = quoted ? std::string(text.substr(1, end - 1)) : std::string(trim(text.substr(0, end)));
    std::size_t comma = text.find(',', quoted ? end : 0);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return out;
}

// "Basic ..." for a registry from config.json, or "". Credential helpers are not asked.
std::string basic_credentials(const Config& config, const std::string& registry) {
  if (config.docker_config.empty()) return {};
  Result<std::optional<std::string>> bytes =
      os::read_file_if_present(os::join_path(config.docker_config, "config.json"));
  if (!bytes || !*bytes) return {};
  format::Arena arena;
  Result<format::Value> root = format::parse_json(arena, std::move(**bytes));
  if (!root) return {};
  const format::Value* auths = root->find("auths");
  if (auths == nullptr) return {};
  for (std::string name : {registry, "https://" + registry,
                           registry == "docker.io" ? std::string("https://index.docker.io/v1/") : registry}) {
    const format::Value* entry = auths->find(name);
    if (entry != nullptr && !entry->string_at("auth").empty()) return "Basic " + std::string(entry->string_at("auth"));
  }
  return {};
}

std::string url_encode(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                 c == '.' || c == '~';
    out += plain ? std::string(1, c) : "%" + to_hex(std::string_view(&c, 1));
  }
  return out;
}

std::chrono::milliseconds pause_before(int attempt, const os::HttpResponse* response) {
  int seconds = 0;
  if (response != nullptr) {
    std::string_view after = response->header("retry-after");
    std::from_chars(after.data(), after.data() + after.size(), seconds);
  }
  if (seconds > 0) return std::chrono::seconds(std::min(seconds, 30));
  std::string random = os::random_bytes(1);
  return std::chrono::milliseconds((200 << attempt) + static_cast<unsigned char>(random[0]));
}

}  // namespace

std::vector<std::string> Client::bases(const std::string& registry) const {
  std::vector<std::string> out;
  if (auto mirrors = config_.mirrors.find(registry); mirrors != config_.mirrors.end()) out = mirrors->second;
  std::string host = registry == "docker.io" ? "registry-1.docker.io" : registry;
  out.push_back((is_loopback(host) ? "http://" : "https://") + host);
  return out;
}

Result<os::HttpResponse> Client::send_patiently(const Context& context, const os::HttpRequest& request) {
  for (int attempt = 0;; ++attempt) {
    Result<os::HttpResponse> response = http_.send(context, request);
    bool busy = response.ok() && (response->status == 429 || response->status >= 500);
    bool broken = !response.ok() && response.error().code == ErrorCode::kUnavailable;
    if ((!busy && !broken) || attempt + 1 == kTries) {
      if (busy)
        return Error(ErrorCode::kUnavailable, host_of(request.url) + " answers " + std::to_string(response->status));
      return response;
    }
    std::this_thread::sleep_for(pause_before(attempt, response.ok() ? &*response : nullptr));
    PAWL_TRY(context.proceed());
  }
}

// The Authorization that a challenge asks for. Credentials go to the registry's own realm only.
Result<std::string> Client::authorize(const Context& context, const format::ImageReference& reference,
                                      const std::string& base, std::string_view challenge) {
  std::string credentials = basic_credentials(config_, reference.registry);
  std::size_t space = challenge.find(' ');
  std::string scheme = to_lower(challenge.substr(0, space));
  Error denied(ErrorCode::kDenied, reference.registry + " asks for credentials for " + reference.repository,
               "docker login " + reference.registry);
  if (scheme == "basic") {
    if (credentials.empty()) return denied;
    return credentials;
  }
  if (scheme != "bearer" || space == std::string_view::npos) return denied;
  std::map<std::string, std::string> parts = parse_challenge(challenge.substr(space + 1));
  std::string realm = parts["realm"];
  std::string realm_host = host_of(realm);
  bool secure = realm.starts_with("https://") ||
                (realm.starts_with("http://") && is_loopback(realm_host) && is_loopback(host_of(base)));
  if (!secure)
    return Error(ErrorCode::kDenied,
                 reference.registry + " names a token service without TLS, " + escape_terminal(realm.substr(0, 100)));
  os::HttpRequest request;
  request.url = realm + (realm.find('?') == std::string::npos ? "?" : "&") + "service=" + url_encode(parts["service"]) +
                "&scope=" + url_encode("repository:" + reference.repository + ":pull");
  bool at_home = owner_of(realm_host) == owner_of(host_of(base));
  if (!credentials.empty() && at_home) request.headers.push_back({"Authorization", credentials});
  PAWL_ASSIGN(os::HttpResponse response, send_patiently(context, request));
  if (response.status != 200) return denied;
  format::Arena arena;
  PAWL_ASSIGN(format::Value body, format::parse_json(arena, std::move(response.body)));
  std::string token(body.string_at("token").empty() ? body.string_at("access_token") : body.string_at("token"));
  if (token.empty()) return denied;
  return "Bearer " + token;
}

Result<os::HttpResponse> Client::get(const Context& context, const format::ImageReference& reference,
                                     const std::string& base, const std::string& path, const std::string& accept) {
  std::string key = base + " " + reference.repository;
  os::HttpRequest request;
  request.url = base + "/v2/" + reference.repository + path;
  bool asked = false;
  for (int redirects = 0; redirects <= kMostRedirects;) {
    request.headers = {{"Accept", accept}};
    {
      std::lock_guard lock(mutex_);
      bool home = host_of(request.url) == host_of(base);
      if (auto token = tokens_.find(key); token != tokens_.end() && home)
        request.headers.push_back({"Authorization", token->second});
    }
    PAWL_ASSIGN(os::HttpResponse response, send_patiently(context, request));
    if (response.status == 401 && !asked) {
      asked = true;
      PAWL_ASSIGN(std::string authorization, authorize(context, reference, base, response.header("www-authenticate")));
      std::lock_guard lock(mutex_);
      tokens_[key] = authorization;
      continue;
    }
    bool redirect = response.status >= 300 && response.status < 400 && response.status != 304;
    if (!redirect) return response;
    std::string location(response.header("location"));
    if (location.starts_with('/')) location = base + location;
    bool downgrade = request.url.starts_with("https://") && !location.starts_with("https://");
    if (downgrade || location.empty())
      return Error(ErrorCode::kDenied, host_of(base) + " redirects to " + escape_terminal(location.substr(0, 100)));
    request.url = location;
    ++redirects;
  }
  return Error(ErrorCode::kUnavailable, host_of(base) + " redirects without end");
}

namespace {

Error bad_bytes(const format::ImageReference& reference, std::string what) {
  return Error(ErrorCode::kIntegrity,
               reference.registry + " gave other bytes for " + reference.repository + ": " + std::move(what));
}

Result<Manifest> check_manifest(const format::ImageReference& reference, const std::string& version,
                                os::HttpResponse response) {
  Manifest out{std::string(trim(response.header("content-type").substr(0, response.header("content-type").find(';')))),
               crypto::sha256(response.body), std::move(response.body)};
  std::string_view announced = response.header("docker-content-digest");
  if (!announced.empty() && announced != out.digest.str())
    return bad_bytes(reference,
                     "they are " + out.digest.brief() + ", and announced as " + std::string(announced.substr(0, 80)));
  bool by_digest = version.starts_with("sha256:");
  if (by_digest && version != out.digest.str())
    return bad_bytes(reference, "asked for " + version + ", got " + out.digest.str());
  format::Arena arena;
  PAWL_ASSIGN_WITHIN(format::Value root, format::parse_json(arena, out.bytes, {.max_bytes = limits::kManifestBytes}),
                     "reading the manifest of " + reference.familiar);
  std::string_view inner = root.string_at("mediaType");
  if (!inner.empty() && inner != out.media_type)
    return bad_bytes(reference,
                     "Content-Type " + out.media_type + ", but mediaType " + std::string(inner.substr(0, 80)));
  if (root.find("layers") != nullptr && root.find("manifests") != nullptr)
    return bad_bytes(reference, "a manifest that is an index too");
  bool known = kAccept.find(out.media_type) != std::string_view::npos && !out.media_type.empty();
  if (!known) return bad_bytes(reference, "a manifest of type " + out.media_type);
  return out;
}

}  // namespace

Result<Manifest> Client::manifest(const Context& context, const format::ImageReference& reference,
                                  const std::string& version) {
  Error last(ErrorCode::kNotFound, "nothing answers for " + reference.registry);
  for (const std::string& base : bases(reference.registry)) {
    Result<os::HttpResponse> response = get(context, reference, base, "/manifests/" + version, std::string(kAccept));
    if (!response) {
      last = std::move(response).error();
      if (last.code != ErrorCode::kUnavailable && last.code != ErrorCode::kTimeout) return last;
      continue;
    }
    if (response->status == 200) return check_manifest(reference, version, std::move(*response));
    ErrorCode code = response->status == 404                              ? ErrorCode::kNotFound
                     : response->status == 401 || response->status == 403 ? ErrorCode::kDenied
                                                                          : ErrorCode::kUnavailable;
    last = Error(code, host_of(base) + " answers " + std::to_string(response->status) + " for " + reference.name() +
                           ":" + version);
  }
  return last;
}

Result<std::vector<std::string>> Client::tags(const Context& context, const format::ImageReference& reference) {
  constexpr std::size_t kMostTags = 100'000;
  std::vector<std::string> out;
  std::string base = bases(reference.registry).front();
  std::string path = "/tags/list?n=1000";
  while (!path.empty() && out.size() < kMostTags) {
    PAWL_ASSIGN(os::HttpResponse response, get(context, reference, base, path, "application/json"));
    if (response.status != 200)
      return Error(ErrorCode::kNotFound, host_of(base) + " answers " + std::to_string(response.status) +
                                             " for the tags of " + reference.name());
    std::string_view link = response.header("link");
    std::size_t last = link.find("last=");
    std::string after = last == std::string_view::npos
                            ? ""
                            : std::string(link.substr(last + 5, link.find_first_of("&>", last) - last - 5));
    format::Arena arena;
    PAWL_ASSIGN(format::Value root, format::parse_json(arena, std::move(response.body)));
    const format::Value* tags = root.find("tags");
    for (const format::Value& tag : tags == nullptr ? std::span<const format::Value>() : tags->items())
      out.emplace_back(tag.string_or_empty());
    path = after.empty() ? "" : "/tags/list?n=1000&last=" + after;
  }
  return out;
}

}  // namespace pawl::registry

#include "adapters/registry/client.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "adapters/registry/challenge.h"
#include "adapters/registry/credentials.h"
#include "adapters/registry/layout.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "format/json.h"
#include "os/system.h"

namespace pawl::registry {

namespace {

constexpr int kTries = 4;
constexpr int kMostRedirects = 3;
constexpr int kLongestPause = 30;  // seconds
constexpr std::chrono::minutes kLongestRequest{2};

std::chrono::milliseconds pause_before(int attempt, const os::HttpResponse* response) {
  int seconds = 0;
  if (response != nullptr) {
    std::string_view after = response->header("retry-after");
    std::from_chars(after.data(), after.data() + after.size(), seconds);
  }
  if (seconds > 0) return std::chrono::seconds(std::min(seconds, kLongestPause));
  return std::chrono::milliseconds((200 << attempt) + static_cast<unsigned char>(os::random_bytes(1)[0]));
}

// Sleeps, and wakes for a stop. Errors: kTimeout at once when the pause would outlast the deadline.
Status wait(const Context& context, std::chrono::milliseconds pause) {
  constexpr std::chrono::milliseconds kSlice{50};
  auto end = std::chrono::steady_clock::now() + pause;
  if (end > context.deadline)
    return Error(ErrorCode::kTimeout, "the time allowed is over before it may be asked again");
  for (auto now = std::chrono::steady_clock::now(); now < end; now = std::chrono::steady_clock::now()) {
    PAWL_TRY(context.proceed());
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(end - now, kSlice));
  }
  return context.proceed();
}

// Where a redirect leads. Errors: kDenied for what is no URL, or gives up TLS.
Result<Url> follow(const Url& from, std::string_view location) {
  bool relative = location.starts_with('/') && !location.starts_with("//");
  std::optional<Url> to = parse_url(relative ? from.origin() + std::string(location) : std::string(location));
  bool downgrade = to && from.scheme == "https" && to->scheme != "https";
  if (to && !downgrade) return *to;
  return Error(ErrorCode::kDenied, from.host + " redirects to " + escape_terminal(location.substr(0, 100)));
}

ErrorCode code_of(int status) {
  if (status == 404) return ErrorCode::kNotFound;
  return status == 401 || status == 403 ? ErrorCode::kDenied : ErrorCode::kUnavailable;
}

// The query for the page behind this one, from a Link header; "" when it was the last.
std::string next_page(std::string_view link) {
  std::size_t last = link.find("last=");
  if (last == std::string_view::npos) return {};
  std::string_view after = link.substr(last + 5);
  after = after.substr(0, after.find_first_of("&>"));
  bool plain = std::all_of(after.begin(), after.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
  return plain ? std::string(after) : "";
}

}  // namespace

bool is_tag(std::string_view text) {
  auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= 128 && word(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return word(c) || c == '.' || c == '-'; });
}

Result<Client::Base> Client::mirror_base(const std::string& registry, const std::string& mirror) {
  constexpr std::string_view kLayout = "oci:";
  if (mirror.starts_with(kLayout)) return Base{{}, "", mirror.substr(kLayout.size())};
  std::optional<Url> url = parse_url(mirror);
  if (!url)
    return Error(ErrorCode::kInvalid,
                 "the mirror \"" + escape_terminal(mirror) + "\" of " + registry + " is neither a URL nor oci:FOLDER");
  while (url->path.ends_with('/')) url->path.pop_back();
  // A mirror has credentials of its own, or none: it is not the registry.
  return Base{*url, url->host + (url->port.empty() ? "" : ":" + url->port), ""};
}

Result<std::vector<Client::Base>> Client::bases(const std::string& registry) const {
  std::vector<Base> out;
  auto mirrors = config_.mirrors.find(registry);
  for (const std::string& mirror : mirrors == config_.mirrors.end() ? std::vector<std::string>() : mirrors->second) {
    PAWL_ASSIGN(Base base, mirror_base(registry, mirror));
    out.push_back(std::move(base));
  }
  std::string host = registry == "docker.io" ? "registry-1.docker.io" : registry;
  std::optional<Url> url = parse_url("https://" + host);
  if (!url) return Error(ErrorCode::kInvalid, "\"" + escape_terminal(registry) + "\" is not a registry");
  if (is_loopback(url->host)) url->scheme = "http";
  out.push_back({*url, registry, ""});
  return out;
}

Result<os::HttpResponse> Client::send_patiently(const Context& context, const os::HttpRequest& request) {
  for (int attempt = 0;; ++attempt) {
    Result<os::HttpResponse> response = http_.send(context.within(kLongestRequest), request);
    bool busy = response.ok() && (response->status == 429 || response->status >= 500);
    bool broken = !response.ok() && response.error().code == ErrorCode::kUnavailable;
    if (!busy && !broken) return response;
    Error error = broken ? response.error()
                         : Error(ErrorCode::kUnavailable, parse_url(request.url).value_or(Url()).host + " answers " +
                                                              std::to_string(response->status));
    if (attempt + 1 == kTries) return error;
    PAWL_TRY_WITHIN(wait(context, pause_before(attempt, busy ? &*response : nullptr)),
                    "waiting because " + error.message);
  }
}

// The Authorization that a challenge asks for.
Result<std::string> Client::authorize(const Context& context, const format::ImageReference& reference, const Base& base,
                                      std::string_view header) {
  PAWL_ASSIGN(Credentials credentials, find_credentials(context, config_.docker_config, base.registry));
  Error denied(ErrorCode::kDenied, base.registry + " asks for credentials for " + reference.repository,
               "docker login " + base.registry);
  Challenge challenge = parse_challenge(header);
  if (challenge.scheme == "basic") {
    bool secure = base.url.scheme == "https" || is_loopback(base.url.host);
    if (credentials.basic().empty() || !secure) return denied;
    return credentials.basic();
  }
  if (challenge.scheme != "bearer") return denied;
  PAWL_ASSIGN(os::HttpRequest request, token_request(challenge, base.url, reference.repository, credentials));
  PAWL_ASSIGN(os::HttpResponse response, send_patiently(context, request));
  if (response.status != 200) return denied;
  PAWL_ASSIGN(std::string token, read_token(std::move(response.body), base.url));
  return "Bearer " + token;
}

std::string Client::known_token(const std::string& key) {
  std::lock_guard lock(mutex_);
  auto found = tokens_.find(key);
  return found == tokens_.end() ? "" : found->second;
}

Result<os::HttpResponse> Client::get(const Context& context, const format::ImageReference& reference, const Base& base,
                                     const std::string& path, const std::string& accept) {
  std::string key = base.url.str() + " " + reference.repository;
  Url at = base.url;
  at.path += "/v2/" + reference.repository + path;
  bool asked = false;
  for (int redirects = 0; redirects <= kMostRedirects;) {
    bool home = at.origin() == base.url.origin();
    os::HttpRequest request;
    request.url = at.str();
    request.headers = {{"Accept", accept}};
    if (std::string token = known_token(key); home && !token.empty())
      request.headers.push_back({"Authorization", token});
    PAWL_ASSIGN(os::HttpResponse response, send_patiently(context, request));
    if (response.status == 401 && home && !asked) {
      asked = true;
      PAWL_ASSIGN(std::string authorization, authorize(context, reference, base, response.header("www-authenticate")));
      std::lock_guard lock(mutex_);
      tokens_[key] = authorization;
      continue;
    }
    bool redirect = response.status >= 300 && response.status < 400 && response.status != 304;
    if (!redirect) return response;
    PAWL_ASSIGN(at, follow(at, response.header("location")));
    ++redirects;
  }
  return Error(ErrorCode::kUnavailable, base.url.host + " redirects without end");
}

Result<os::HttpResponse> Client::first_answer(const format::ImageReference& reference, const std::string& version,
                                              const Ask& ask) const {
  Error last(ErrorCode::kNotFound, "nothing answers for " + reference.registry);
  PAWL_ASSIGN(std::vector<Base> places, bases(reference.registry));
  for (const Base& base : places) {
    Result<os::HttpResponse> response = ask(base);
    if (!response) {
      last = std::move(response).error();
      if (last.code != ErrorCode::kUnavailable && last.code != ErrorCode::kTimeout) return last;
      continue;
    }
    if (response->status == 200) return response;
    last = Error(code_of(response->status), base.name() + " answers " + std::to_string(response->status) + " for " +
                                                reference.name() + ":" + version);
  }
  return last;
}

Result<Manifest> Client::manifest(const Context& context, const format::ImageReference& reference,
                                  const std::string& version) {
  if (!is_tag(version) && !crypto::Digest::parse(version))
    return Error(ErrorCode::kInvalid,
                 "\"" + escape_terminal(version.substr(0, 200)) + "\" is not a tag of " + reference.name());
  auto ask = [&](const Base& base) {
    if (!base.layout.empty()) return layout_manifest(base.layout, reference, version);
    return get(context, reference, base, "/manifests/" + version, std::string(kManifestTypes));
  };
  PAWL_ASSIGN(os::HttpResponse response, first_answer(reference, version, ask));
  return check_manifest(reference, version, std::move(response));
}

Result<std::string> Client::blob(const Context& context, const format::ImageReference& reference,
                                 const crypto::Digest& digest) {
  auto ask = [&](const Base& base) {
    if (!base.layout.empty()) return layout_blob(base.layout, digest);
    return get(context, reference, base, "/blobs/" + digest.str(), "*/*");
  };
  PAWL_ASSIGN(os::HttpResponse response, first_answer(reference, digest.str(), ask));
  PAWL_TRY(check_blob(reference, digest, response.body));
  return std::move(response.body);
}

Result<std::vector<std::string>> Client::tags(const Context& context, const format::ImageReference& reference) {
  Error last(ErrorCode::kNotFound, "nothing answers for " + reference.registry);
  PAWL_ASSIGN(std::vector<Base> places, bases(reference.registry));
  for (const Base& base : places) {
    Result<std::vector<std::string>> found = tags_at(context, reference, base);
    if (found) return found;
    last = std::move(found).error();
    bool elsewhere =
        last.code == ErrorCode::kUnavailable || last.code == ErrorCode::kTimeout || last.code == ErrorCode::kNotFound;
    if (!elsewhere) return last;
  }
  return last;
}

Result<std::vector<std::string>> Client::tags_at(const Context& context, const format::ImageReference& reference,
                                                 const Base& base) {
  if (!base.layout.empty()) {
    PAWL_ASSIGN(std::vector<std::string> named, layout_tags(base.layout, reference));
    if (!named.empty()) return named;
    return Error(ErrorCode::kNotFound, base.layout + " names no image of " + reference.name());
  }
  constexpr std::size_t kMostTags = 100'000;
  constexpr int kMostPages = 1'000;
  std::vector<std::string> out;
  std::string path = "/tags/list?n=1000";
  for (int page = 0; page < kMostPages && out.size() <= kMostTags; ++page) {
    PAWL_ASSIGN(os::HttpResponse response, get(context, reference, base, path, "application/json"));
    if (response.status != 200)
      return Error(code_of(response.status), base.url.host + " answers " + std::to_string(response.status) +
                                                 " for the tags of " + reference.name());
    std::string after = next_page(response.header("link"));
    format::Arena arena;
    PAWL_ASSIGN(format::Value root, format::parse_json(arena, std::move(response.body)));
    const format::Value* tags = root.find("tags");
    for (const format::Value& tag : tags == nullptr ? std::span<const format::Value>() : tags->items()) {
      if (is_tag(tag.string_or_empty())) out.emplace_back(tag.string_or_empty());
    }
    if (after.empty()) return out;
    path = "/tags/list?n=1000&last=" + after;
  }
  return Error(ErrorCode::kInvalid, reference.name() + " lists more tags than are read");
}

}  // namespace pawl::registry

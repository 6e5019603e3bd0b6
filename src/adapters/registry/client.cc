#include "adapters/registry/client.h"

#include <algorithm>

#include "adapters/registry/challenge.h"
#include "adapters/registry/credentials.h"
#include "adapters/registry/layout.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "format/json.h"

namespace pawl::registry {

namespace {

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
  PAWL_ASSIGN(os::HttpResponse response, http_.send(context, request));
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
                                     const std::string& path, const std::string& accept, std::size_t max_bytes) {
  std::string key = base.url.str() + " " + reference.repository;
  Url at = base.url;
  at.path += "/v2/" + reference.repository + path;
  bool asked = false;
  for (int redirects = 0; redirects <= kMostRedirects;) {
    bool home = at.origin() == base.url.origin();
    os::HttpRequest request;
    request.url = at.str();
    request.headers = {{"Accept", accept}};
    request.max_bytes = max_bytes;
    if (std::string token = known_token(key); home && !token.empty())
      request.headers.push_back({"Authorization", token});
    PAWL_ASSIGN(os::HttpResponse response, http_.send(context, request));
    if (response.status == 401 && home && !asked) {
      asked = true;
      PAWL_ASSIGN(std::string authorization, authorize(context, reference, base, response.header("www-authenticate")));
      std::lock_guard lock(mutex_);
      tokens_[key] = authorization;
      continue;
    }
    if (!is_redirect(response)) return response;
    PAWL_ASSIGN(at, follow(at, response));
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
    last = Error(code_of_status(response->status), base.name() + " answers " + std::to_string(response->status) +
                                                       " for " + reference.name() + ":" + version);
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
                                 const crypto::Digest& digest, std::size_t max_bytes) {
  auto ask = [&](const Base& base) {
    if (!base.layout.empty()) return layout_blob(base.layout, digest, max_bytes);
    return get(context, reference, base, "/blobs/" + digest.str(), "*/*", max_bytes);
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
      return Error(code_of_status(response.status), base.url.host + " answers " + std::to_string(response.status) +
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

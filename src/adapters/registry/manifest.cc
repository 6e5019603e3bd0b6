#include "adapters/registry/manifest.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "format/json.h"

namespace pawl::registry {

namespace {

Error bad_bytes(const format::ImageReference& reference, std::string what) {
  return Error(ErrorCode::kIntegrity,
               reference.registry + " gave other bytes for " + reference.repository + ": " + std::move(what));
}

std::string shown(std::string_view text) { return escape_terminal(text.substr(0, 80)); }

bool is_index_type(std::string_view type) {
  return type.find("index") != std::string_view::npos || type.find("list") != std::string_view::npos;
}

bool is_known(std::string_view type) {
  std::vector<std::string_view> known = split(kManifestTypes, ',');
  return std::any_of(known.begin(), known.end(), [&](std::string_view one) { return trim(one) == type; });
}

Status check_digests(const format::ImageReference& reference, const std::string& version, const Manifest& manifest,
                     std::string_view announced) {
  if (!announced.empty() && announced != manifest.digest.str())
    return bad_bytes(reference, "they are " + manifest.digest.brief() + ", and announced as " + shown(announced));
  bool by_digest = version.find(':') != std::string::npos;
  if (by_digest && version != manifest.digest.str())
    return bad_bytes(reference, "asked for " + version + ", got " + manifest.digest.str());
  return {};
}

Status check_types(const format::ImageReference& reference, const Manifest& manifest, const format::Value& root) {
  if (!is_known(manifest.media_type)) return bad_bytes(reference, "a manifest of type " + shown(manifest.media_type));
  std::string_view inner = root.string_at("mediaType");
  if (!inner.empty() && inner != manifest.media_type)
    return bad_bytes(reference, "Content-Type " + manifest.media_type + ", but mediaType " + shown(inner));
  bool has_layers = root.find("layers") != nullptr || root.find("config") != nullptr;
  bool has_manifests = root.find("manifests") != nullptr;
  if (has_layers && has_manifests) return bad_bytes(reference, "a manifest that is an index too");
  bool wants_index = is_index_type(manifest.media_type);
  if (wants_index != has_manifests || wants_index == has_layers)
    return bad_bytes(reference, "Content-Type " + manifest.media_type + " upon something else");
  return {};
}

// "linux/arm/v7", "windows(10.0.17763.2114)/amd64".
std::string platform_name(const format::Value& platform) {
  std::string out(platform.string_at("os"));
  if (std::string_view version = platform.string_at("os.version"); !version.empty())
    out += "(" + std::string(version) + ")";
  out += "/" + std::string(platform.string_at("architecture"));
  if (std::string_view variant = platform.string_at("variant"); !variant.empty()) out += "/" + std::string(variant);
  return out;
}

}  // namespace

Result<Manifest> check_manifest(const format::ImageReference& reference, const std::string& version,
                                os::HttpResponse response) {
  std::string_view type = response.header("content-type");
  std::string announced(response.header("docker-content-digest"));
  Manifest out{std::string(trim(type.substr(0, type.find(';')))), crypto::sha256(response.body),
               std::move(response.body)};
  PAWL_TRY(check_digests(reference, version, out, announced));
  format::Arena arena;
  PAWL_ASSIGN_WITHIN(format::Value root, format::parse_json(arena, out.bytes, {.max_bytes = limits::kManifestBytes}),
                     "reading the manifest of " + reference.familiar);
  PAWL_TRY(check_types(reference, out, root));
  return out;
}

Status check_blob(const format::ImageReference& reference, const crypto::Digest& digest, std::string_view bytes) {
  crypto::Digest found = crypto::sha256(bytes);
  if (found == digest) return {};
  return bad_bytes(reference, "asked for " + digest.str() + ", got " + found.str());
}

Result<std::vector<model::LockedPlatform>> platforms_of(const Manifest& manifest) {
  format::Arena arena;
  PAWL_ASSIGN(format::Value root, format::parse_json(arena, manifest.bytes));
  std::vector<model::LockedPlatform> out;
  std::set<std::string> seen;
  const format::Value* list = root.find("manifests");
  if (list == nullptr) return out;
  for (const format::Value& entry : list->items()) {
    const format::Value* platform = entry.find("platform");
    if (platform == nullptr) continue;
    std::string name = platform_name(*platform);
    if (name == "unknown/unknown") continue;  // attestations that builders hang beside the platforms
    PAWL_ASSIGN_WITHIN(crypto::Digest digest, crypto::Digest::parse(entry.string_at("digest")),
                       "reading the platform " + escape_terminal(name));
    if (seen.insert(name).second) out.push_back({name, digest});
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace pawl::registry

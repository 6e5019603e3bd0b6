#include "adapters/registry/layout.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/model/release.h"
#include "format/json.h"
#include "os/file.h"

namespace pawl::registry {

namespace {

using format::Arena;
using format::Value;
using model::kIndexType;
using model::kManifestType;

// The images that index.json lists.
Result<Value> read_index(Arena& arena, const std::string& folder) {
  Result<std::string> text = os::read_file(os::join_path(folder, "index.json"), limits::kManifestBytes);
  if (!text) {
    bool absent = text.error().code == ErrorCode::kNotFound;
    if (!absent) return std::move(text).error();
    return Error(ErrorCode::kInvalid, "the mirror " + folder + " is no OCI layout: it has no index.json");
  }
  PAWL_ASSIGN(Value root, format::parse_json(arena, std::move(*text), {.file = os::join_path(folder, "index.json")}));
  const Value* manifests = root.find("manifests");
  if (manifests != nullptr && manifests->is_list()) return *manifests;
  return Error(ErrorCode::kInvalid, "the mirror " + folder + " is no OCI layout: its index.json lists no manifests");
}

// What a descriptor is called; "" where it has no such annotation.
using Names = std::array<std::string_view, 2>;
Names names_of(const Value& descriptor) {
  Names out = {"org.opencontainers.image.ref.name", "io.containerd.image.name"};
  for (std::string_view& name : out) {
    const Value* found = descriptor.at_path({"annotations", name});
    name = found == nullptr ? std::string_view() : found->string_or_empty();
  }
  return out;
}

Result<std::optional<crypto::Digest>> find_tag(const std::string& folder, const std::string& name) {
  Arena arena;
  PAWL_ASSIGN(Value manifests, read_index(arena, folder));
  std::optional<crypto::Digest> found;
  for (const Value& one : manifests.items()) {
    Names names = names_of(one);
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;
    if (found) return Error(ErrorCode::kInvalid, "the mirror " + folder + " names " + name + " twice");
    PAWL_ASSIGN_WITHIN(found, crypto::Digest::parse(one.string_at("digest")), "reading " + name + " in " + folder);
  }
  return found;
}

// What the document is by its own words, or by its form: a folder has no Content-Type.
std::string media_type_of(const std::string& bytes) {
  Arena arena;
  Result<Value> root = format::parse_json(arena, bytes, {.max_bytes = limits::kManifestBytes});
  std::string_view said = root ? root->string_at("mediaType") : std::string_view();
  if (!root || !said.empty()) return std::string(said);
  return std::string(root->find("manifests") != nullptr ? kIndexType : kManifestType);
}

os::HttpResponse not_here() { return {404, {}, ""}; }

}  // namespace

Result<os::HttpResponse> layout_blob(const std::string& folder, const crypto::Digest& digest, std::size_t max_bytes) {
  std::string path = os::join_path(folder, "blobs/sha256/" + digest.hex());
  PAWL_ASSIGN(std::optional<std::string> bytes, os::read_file_if_present(path, max_bytes));
  return bytes ? os::HttpResponse{200, {}, std::move(*bytes)} : not_here();
}

Result<os::HttpResponse> layout_manifest(const std::string& folder, const format::ImageReference& reference,
                                         const std::string& version) {
  std::optional<crypto::Digest> digest;
  if (Result<crypto::Digest> named = crypto::Digest::parse(version)) {
    digest = *named;
  } else {
    PAWL_ASSIGN(digest, find_tag(folder, reference.name() + ":" + version));
  }
  if (!digest) return not_here();
  PAWL_ASSIGN(os::HttpResponse out, layout_blob(folder, *digest, limits::kManifestBytes));
  if (out.status != 200) return out;
  out.headers = {{"content-type", media_type_of(out.body)}, {"docker-content-digest", digest->str()}};
  return out;
}

Result<std::vector<std::string>> layout_tags(const std::string& folder, const format::ImageReference& repository) {
  Arena arena;
  PAWL_ASSIGN(Value manifests, read_index(arena, folder));
  std::string prefix = repository.name() + ":";
  std::vector<std::string> out;
  for (const Value& one : manifests.items()) {
    Names names = names_of(one);
    auto found =
        std::find_if(names.begin(), names.end(), [&](std::string_view name) { return name.starts_with(prefix); });
    if (found != names.end()) out.emplace_back(found->substr(prefix.size()));
  }
  return out;
}

}  // namespace pawl::registry

#include "adapters/oci/layout_files.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "adapters/oci/index_file.h"
#include "base/text.h"
#include "core/model/referrer.h"
#include "format/json.h"
#include "os/file.h"

namespace pawl::oci {

namespace {

using format::Arena;
using format::Value;
using Names = std::map<std::string, model::Descriptor>;

constexpr std::string_view kLayoutVersion = "1.0.0";

Error damaged(const std::string& file, const std::string& what) {
  return Error(ErrorCode::kIntegrity, file + " " + what, "put the file back from a backup");
}

// What Pawl wrote and cannot be read any more was changed behind its back.
Error damaged(const std::string& file, const Error& error) { return damaged(file, "cannot be read: " + error.message); }

// Whether a descriptor tells the truth about the manifest that is stored.
Status check_descriptor(const std::string& file, const BlobFiles& blobs, const model::Descriptor& descriptor) {
  Result<std::string> bytes = blobs.get(descriptor.digest, limits::kBlobBytes);
  if (!bytes) return damaged(file, "names " + descriptor.digest.str() + ": " + bytes.error().message);
  if (bytes->size() != descriptor.size) return damaged(file, "gives " + descriptor.digest.brief() + " another size");
  Arena arena;
  bool small = bytes->size() <= limits::kManifestBytes;
  Result<Value> root = format::parse_json(arena, small ? std::move(*bytes) : "");
  if (!root || root->string_at("mediaType").empty()) return {};  // not a manifest: it does not say what it is
  bool agree = root->string_at("mediaType") == descriptor.media_type &&
               root->string_at("artifactType") == descriptor.artifact_type;
  return agree ? Status() : damaged(file, "gives " + descriptor.digest.brief() + " another type");
}

// image-spec names every field that a document may have; another name is a damaged one.
Status check_fields(const std::string& file, const Value& map, std::span<const std::string_view> known) {
  for (const format::Member& member : map.members()) {
    if (std::ranges::find(known, member.key) == known.end())
      return damaged(file, "has a field \"" + escape_terminal(member.key) + "\", which no OCI index has");
  }
  return {};
}
constexpr std::array<std::string_view, 6> kIndexFields = {"schemaVersion", "mediaType",   "artifactType",
                                                          "manifests",     "annotations", "subject"};
constexpr std::array<std::string_view, 8> kDescriptorFields = {"mediaType", "digest",       "size",        "urls",
                                                               "data",      "artifactType", "annotations", "platform"};

// One entry of index.json, noted under its name.
Status take_entry(const std::string& file, const BlobFiles& blobs, const Value& entry, Names& names) {
  PAWL_TRY(check_fields(file, entry, kDescriptorFields));
  Result<model::Descriptor> descriptor = model::descriptor_from_value(entry);
  if (!descriptor) return damaged(file, descriptor.error());
  auto name = descriptor->annotations.find(std::string(kRefName));
  if (name == descriptor->annotations.end())
    return blobs.has(descriptor->digest) ? damaged(file, "does not say what " + descriptor->digest.str() + " is called")
                                         : Status();
  PAWL_TRY(check_descriptor(file, blobs, *descriptor));
  if (names.emplace(name->second, *descriptor).second) return {};
  return damaged(file, "names \"" + name->second + "\" twice");
}

Result<Names> check_index(const std::string& file, const BlobFiles& blobs) {
  Arena arena;
  PAWL_ASSIGN(std::string text, os::read_file(file));
  Result<Value> root = format::parse_json(arena, std::move(text), {.file = file});
  if (!root) return damaged(file, root.error());
  const Value* manifests = root->find("manifests");
  const Value* version = root->find("schemaVersion");
  bool is_index = manifests != nullptr && manifests->is_list() && version != nullptr &&
                  version->kind() == format::Kind::kInt && version->as_int() == 2 &&
                  (root->find("mediaType") == nullptr || root->string_at("mediaType") == model::kIndexType);
  if (!is_index) return damaged(file, "is no OCI index");
  PAWL_TRY(check_fields(file, *root, kIndexFields));
  Names names;
  for (const Value& entry : manifests->items()) PAWL_TRY(take_entry(file, blobs, entry, names));
  return names;
}

// One list of referrers: in the one form that it is written in, and each of them about the subject it is listed under.
Status check_referrers(const std::string& file, const crypto::Digest& subject, const std::string& text,
                       const BlobFiles& blobs) {
  Result<std::vector<model::Descriptor>> all = model::decode_referrers(text);
  if (!all) return damaged(file, all.error());
  for (const model::Descriptor& one : *all) {
    PAWL_TRY(check_descriptor(file, blobs, one));
    PAWL_ASSIGN(std::string manifest, blobs.get(one.digest, limits::kManifestBytes));
    Result<model::Referrer> referrer = model::decode_referrer(std::move(manifest));
    if (!referrer || referrer->subject != subject || referrer->artifact_type != one.artifact_type)
      return damaged(file, "lists " + one.digest.str() + ", which is attached to something else");
  }
  return model::encode_referrers(*all) == text ? Status() : damaged(file, "is not as it was written");
}

// The subject whose list the file is, by its name.
Result<crypto::Digest> subject_of(std::string_view name) {
  constexpr std::string_view kSuffix = ".json";
  if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
  return model::subject_of_tag(name);
}

// Every list of referrers; returns the tags under which index.json may show them.
Result<std::set<std::string>> check_lists(const std::string& folder, const BlobFiles& blobs) {
  PAWL_ASSIGN(std::vector<os::FolderEntry> files, os::list_folder(folder));
  std::set<std::string> tags;
  for (const os::FolderEntry& entry : files) {
    if (entry.name.starts_with('.')) continue;  // of an interrupted write
    std::string file = os::join_path(folder, entry.name);
    Result<crypto::Digest> subject = subject_of(entry.name);
    if (!subject) return damaged(file, "is no list of what is attached to something");
    PAWL_ASSIGN(std::string text, os::read_file(file, limits::kManifestBytes));
    PAWL_TRY(check_referrers(file, *subject, text, blobs));
    tags.insert(model::referrers_tag(*subject));
  }
  return tags;
}

}  // namespace

Status check_layout_version(const std::string& folder) {
  PAWL_ASSIGN(std::string text, os::read_file(folder + "/oci-layout"));
  PAWL_ASSIGN(format::Document document, format::parse_json_document(std::move(text), {.file = "oci-layout"}));
  std::string version(document.root.string_at("imageLayoutVersion"));
  if (version == kLayoutVersion) return {};
  return Error(ErrorCode::kInvalid,
               "OCI layout version \"" + version + "\" is not known, only " + std::string(kLayoutVersion));
}

Result<Names> check_layout_files(const std::string& folder, const BlobFiles& blobs) {
  std::string index = folder + "/index.json";
  PAWL_ASSIGN(Names names, check_index(index, blobs));
  PAWL_ASSIGN(std::set<std::string> lists, check_lists(folder + "/referrers", blobs));
  // A list may be newer than what index.json shows of it: a crash came between. It cannot be absent.
  for (const auto& [name, manifest] : names) {
    if (model::subject_of_tag(name) && !lists.contains(name))
      return damaged(index, "shows records of " + name + ", which has none");
  }
  return names;
}

}  // namespace pawl::oci

#include "core/model/referrer.h"

#include <algorithm>

#include "format/json.h"

namespace pawl::model {

namespace {

using format::Arena;
using format::Value;

Error not_a(std::string_view what, std::string_view why) {
  return Error(ErrorCode::kInvalid, "not " + std::string(what) + ": " + std::string(why));
}

Value document(Arena& arena, std::string_view media_type) {
  Value root = Value::map();
  root.set(arena, "schemaVersion", Value::integer(2));
  root.set(arena, "mediaType", media_type);
  return root;
}

Result<Value> parse_manifest(Arena& arena, std::string bytes) {
  return format::parse_json(arena, std::move(bytes), {.file = "manifest", .max_bytes = limits::kManifestBytes});
}

}  // namespace

Value descriptor_to_value(Arena& arena, const Descriptor& descriptor) {
  Value value = Value::map();
  value.set(arena, "mediaType", descriptor.media_type);
  value.set(arena, "digest", descriptor.digest.str());
  value.set(arena, "size", Value::integer(descriptor.size));
  if (!descriptor.artifact_type.empty()) value.set(arena, "artifactType", descriptor.artifact_type);
  if (descriptor.annotations.empty()) return value;
  Value annotations = Value::map();
  for (const auto& [key, text] : descriptor.annotations) annotations.set(arena, key, text);
  value.set(arena, "annotations", annotations);
  return value;
}

Result<Descriptor> descriptor_from_value(const Value& value) {
  const Value* size = value.find("size");
  if (value.string_at("mediaType").empty()) return not_a("a descriptor", "there is no mediaType");
  if (size == nullptr || size->kind() != format::Kind::kInt || size->as_int() < 0) {
    return not_a("a descriptor", "there is no size");
  }
  PAWL_ASSIGN(crypto::Digest digest, crypto::Digest::parse(value.string_at("digest")));
  Descriptor descriptor{std::string(value.string_at("mediaType")),
                        digest,
                        size->as_uint(),
                        std::string(value.string_at("artifactType")),
                        {}};
  if (const Value* annotations = value.find("annotations")) {
    for (const format::Member& member : annotations->members()) {
      descriptor.annotations.emplace(member.key, member.value.string_or_empty());
    }
  }
  return descriptor;
}

std::string encode_referrer(const Descriptor& subject, std::string_view artifact_type, const Descriptor& record) {
  Arena arena;
  Descriptor bare{subject.media_type, subject.digest, subject.size, {}, {}};
  Value layers = Value::list();
  layers.push_back(arena, descriptor_to_value(arena, record));
  Value root = document(arena, kManifestType);
  root.set(arena, "artifactType", artifact_type);
  root.set(arena, "config", descriptor_to_value(arena, describe(kEmptyType, kEmptyBytes)));
  root.set(arena, "layers", layers);
  root.set(arena, "subject", descriptor_to_value(arena, bare));
  return format::canonical_json(root).value();
}

Result<Referrer> decode_referrer(std::string bytes) {
  Arena arena;
  PAWL_ASSIGN(Value root, parse_manifest(arena, std::move(bytes)));
  const Value* subject = root.find("subject");
  const Value* layers = root.find("layers");
  if (subject == nullptr) return not_a("a referrer", "there is no subject");
  if (layers == nullptr || layers->items().size() != 1)
    return not_a("a referrer", "it does not have exactly one layer");
  PAWL_ASSIGN(Descriptor of, descriptor_from_value(*subject));
  PAWL_ASSIGN(Descriptor record, descriptor_from_value(layers->items()[0]));
  return Referrer{std::string(root.string_at("artifactType")), of.digest, std::move(record)};
}

std::string encode_referrers(std::vector<Descriptor> referrers) {
  std::ranges::sort(referrers, {}, &Descriptor::digest);
  Arena arena;
  Value manifests = Value::list();
  for (const Descriptor& referrer : referrers) manifests.push_back(arena, descriptor_to_value(arena, referrer));
  Value root = document(arena, kIndexType);
  root.set(arena, "manifests", manifests);
  return format::canonical_json(root).value();
}

Result<std::vector<Descriptor>> decode_referrers(std::string bytes) {
  Arena arena;
  PAWL_ASSIGN(Value root, parse_manifest(arena, std::move(bytes)));
  const Value* manifests = root.find("manifests");
  if (manifests == nullptr || !manifests->is_list()) return not_a("an index", "there is no list of manifests");
  std::vector<Descriptor> referrers;
  for (const Value& item : manifests->items()) {
    PAWL_ASSIGN(Descriptor referrer, descriptor_from_value(item));
    referrers.push_back(std::move(referrer));
  }
  return referrers;
}

namespace {
constexpr std::string_view kTagPrefix = "sha256-";
}  // namespace

std::string referrers_tag(const crypto::Digest& subject) { return std::string(kTagPrefix) + subject.hex(); }

Result<crypto::Digest> subject_of_tag(std::string_view tag) {
  if (!tag.starts_with(kTagPrefix)) return not_a("the tag of a list of referrers", "it does not begin with sha256-");
  return crypto::Digest::parse("sha256:" + std::string(tag.substr(kTagPrefix.size())));
}

}  // namespace pawl::model

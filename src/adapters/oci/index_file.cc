#include "adapters/oci/index_file.h"

#include "base/limits.h"
#include "core/model/referrer.h"
#include "format/json.h"

namespace pawl::oci {

namespace {

using format::Arena;
using format::Value;

Result<Value> parse_index(Arena& arena, std::string text) {
  PAWL_ASSIGN(Value root, format::parse_json(arena, std::move(text), {.file = "index.json"}));
  const Value* manifests = root.find("manifests");
  if (manifests != nullptr && manifests->is_list()) return root;
  return Error(ErrorCode::kInvalid, "index.json is no OCI index: there is no list of manifests");
}

std::string_view name_in(const Value& descriptor) {
  const Value* name = descriptor.at_path({"annotations", kRefName});
  return name == nullptr ? std::string_view() : name->string_or_empty();
}

}  // namespace

std::string empty_index() {
  return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})"
         "\n";
}

Result<std::optional<model::Descriptor>> find_tag(std::string index, std::string_view name) {
  Arena arena;
  PAWL_ASSIGN(Value root, parse_index(arena, std::move(index)));
  std::optional<model::Descriptor> found;
  for (const Value& item : root.find("manifests")->items()) {
    if (name_in(item) != name) continue;
    if (found) return Error(ErrorCode::kInvalid, "index.json names \"" + std::string(name) + "\" twice");
    PAWL_ASSIGN_WITHIN(found, model::descriptor_from_value(item),
                       "reading \"" + std::string(name) + "\" in index.json");
    found->annotations.erase(std::string(kRefName));
  }
  return found;
}

Result<bool> names_digest(std::string index, const crypto::Digest& digest) {
  Arena arena;
  PAWL_ASSIGN(Value root, parse_index(arena, std::move(index)));
  for (const Value& item : root.find("manifests")->items()) {
    if (item.string_at("digest") == digest.str()) return true;
  }
  return false;
}

Result<std::string> with_tag(std::string index, std::string_view name, const model::Descriptor& manifest) {
  Arena arena;
  PAWL_ASSIGN(Value root, parse_index(arena, std::move(index)));
  model::Descriptor named = manifest;
  named.annotations[std::string(kRefName)] = std::string(name);
  Value entries = Value::list();
  for (const Value& item : root.find("manifests")->items()) {
    if (name_in(item) != name) entries.push_back(arena, item);
  }
  entries.push_back(arena, model::descriptor_to_value(arena, named));
  root.set(arena, "manifests", entries);
  return format::render_json_pretty(root);
}

}  // namespace pawl::oci

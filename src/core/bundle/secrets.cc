#include "core/bundle/secrets.h"

#include <algorithm>

#include "core/model/object.h"
#include "core/model/secret_data.h"

namespace pawl::bundle {

using format::Member;
using format::Value;

namespace {

// A value that SOPS encrypted: ENC[AES256_GCM,data:...,type:str].
bool is_encrypted(const Value& value) {
  std::string_view text = value.string_or_empty();
  return text.starts_with("ENC[") && text.ends_with("]");
}

bool is_plain(const Value& value, bool sops) {
  bool empty = value.is_null() || (value.is_string() && value.as_string().empty());
  return !empty && !(sops && is_encrypted(value));
}

}  // namespace

bool has_plain_secret(const Value& object) {
  if (!model::is_secret(object)) return false;
  const Value* sops = object.find("sops");
  // Without a MAC anybody could have put a plain leaf among the encrypted ones.
  bool by_sops = sops != nullptr && !sops->string_at("mac").empty();
  for (std::string_view field : {"data", "stringData"}) {
    const Value* data = object.find(field);
    if (data == nullptr || data->is_null()) continue;
    if (!data->is_map()) return true;
    for (const Member& member : data->members()) {
      if (is_plain(member.value, by_sops)) return true;
    }
  }
  return false;
}

namespace {

std::string allowed_reason(const Value& object) {
  const Value* annotations = object.at_path({"metadata", "annotations"});
  return annotations == nullptr ? "" : std::string(annotations->string_at(kAllowPlainSecret));
}

}  // namespace

Status check_secret(const Value& object, const std::string& file) {
  if (!has_plain_secret(object) || !allowed_reason(object).empty()) return {};
  Error error(ErrorCode::kDenied,
              model::object_id(object).str() + " in " + file + " holds data that anybody could read in the release");
  error.hint =
      "encrypt it with SOPS, make it a SealedSecret or an ExternalSecret, or declare it public with the annotation " +
      std::string(kAllowPlainSecret) + ": REASON";
  return error;
}

namespace {

void note_references(const Value& value, std::vector<std::string>& out) {
  auto note = [&](std::string_view name, std::string_view key) {
    if (!name.empty()) out.push_back("secret " + std::string(name) + (key.empty() ? "" : "/" + std::string(key)));
  };
  for (const Value& item : value.items()) note_references(item, out);
  for (const Member& member : value.members()) {
    if (member.key == "secretKeyRef")
      note(member.value.string_at("name"), member.value.string_at("key"));
    else if (member.key == "secretRef")
      note(member.value.string_at("name"), "");
    else if (member.key == "secret" && member.value.is_map()) {
      note(member.value.string_at("secretName"), "");
      note(member.value.string_at("name"), "");
    } else if (member.key == "imagePullSecrets") {
      for (const Value& item : member.value.items()) note(item.string_at("name"), "");
    } else if (member.key == "secretName") {
      note(member.value.string_or_empty(), "");
    }
    note_references(member.value, out);
  }
}

}  // namespace

std::vector<model::InventorySecret> find_secrets(const Value& object) {
  std::vector<model::InventorySecret> out;
  std::string id = model::object_id(object).str();
  if (model::is_secret(object)) {
    bool plain = has_plain_secret(object);
    out.push_back({id, object.find("sops") != nullptr ? "SOPS" : "Secret", plain ? allowed_reason(object) : ""});
    return out;
  }
  std::string_view kind = object.string_at("kind");
  if (kind == "SealedSecret" || kind == "ExternalSecret") out.push_back({id, std::string(kind), ""});
  std::vector<std::string> references;
  note_references(object, references);
  std::sort(references.begin(), references.end());
  references.erase(std::unique(references.begin(), references.end()), references.end());
  for (std::string& reference : references) out.push_back({id, std::move(reference), ""});
  return out;
}

}  // namespace pawl::bundle

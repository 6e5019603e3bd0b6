#include "adapters/memory/source_reader.h"

#include "core/model/release.h"

namespace pawl::memory {

namespace {

std::string kind_of(const model::Source& source) {
  return std::visit(overloaded{[](const model::ImageSource&) { return "image"; },
                               [](const model::OciSource&) { return "oci"; },
                               [](const model::GitSource&) { return "git"; },
                               [](const model::HelmSource&) { return "helm"; },
                               [](const model::FilesSource&) { return "files"; }},
                    source.from);
}

std::string key_of(const format::ImageReference& reference) {
  return reference.familiar + (reference.tag.empty() ? "" : ":" + reference.tag);
}

}  // namespace

Status SourceReader::enter(const Context& context, std::string_view call) {
  PAWL_TRY(context.proceed());
  return ask(fault_, call);
}

crypto::Digest SourceReader::set_image(const std::string& reference, const std::string& manifest) {
  format::ImageReference parsed = format::parse_image_reference(reference).value();
  crypto::Digest digest = crypto::sha256(manifest);
  std::lock_guard lock(mutex_);
  manifests_[digest] = manifest;
  tags_[parsed.name()].insert_or_assign(parsed.tag.empty() ? "latest" : parsed.tag, digest);
  return digest;
}

void SourceReader::set_source(const std::string& name, const std::string& version, ports::FileTree files) {
  std::lock_guard lock(mutex_);
  sources_[name] = {version, std::move(files)};
}

Result<model::LockedImage> SourceReader::resolve_image(const Context& context,
                                                       const format::ImageReference& reference) {
  PAWL_TRY(enter(context, "sources.resolve_image"));
  std::lock_guard lock(mutex_);
  Error absent(ErrorCode::kNotFound, "there is no image " + key_of(reference));
  if (reference.digest) {
    if (!manifests_.contains(*reference.digest)) return absent;
    return model::LockedImage{key_of(reference), *reference.digest, std::string(model::kManifestType), {}};
  }
  auto repository = tags_.find(reference.name());
  if (repository == tags_.end()) return absent;
  auto tag = repository->second.find(reference.tag.empty() ? "latest" : reference.tag);
  if (tag == repository->second.end()) return absent;
  return model::LockedImage{key_of(reference), tag->second, std::string(model::kManifestType), {}};
}

Result<std::vector<std::string>> SourceReader::list_tags(const Context& context,
                                                         const format::ImageReference& repository) {
  PAWL_TRY(enter(context, "sources.list_tags"));
  std::lock_guard lock(mutex_);
  auto found = tags_.find(repository.name());
  if (found == tags_.end()) return Error(ErrorCode::kNotFound, "there is no repository " + repository.name());
  std::vector<std::string> tags;
  for (const auto& [tag, digest] : found->second) tags.push_back(tag);
  return tags;
}

Result<model::LockedSource> SourceReader::resolve(const Context& context, const model::Source& source) {
  PAWL_TRY(enter(context, "sources.resolve"));
  std::lock_guard lock(mutex_);
  auto found = sources_.find(source.name);
  if (found == sources_.end()) return Error(ErrorCode::kNotFound, "there is no source " + source.name);
  return model::LockedSource{.name = source.name,
                             .kind = kind_of(source),
                             .from = model::place_of(source),
                             .requested = source.version,
                             .version = found->second.version,
                             .digest = format::tree_digest(found->second.files)};
}

Result<ports::FileTree> SourceReader::fetch(const Context& context, const model::Source& source,
                                            const model::LockedSource& locked) {
  PAWL_TRY(enter(context, "sources.fetch"));
  std::lock_guard lock(mutex_);
  auto found = sources_.find(source.name);
  if (found == sources_.end()) return Error(ErrorCode::kNotFound, "there is no source " + source.name);
  if (locked.digest && format::tree_digest(found->second.files) != *locked.digest) {
    return Error(ErrorCode::kIntegrity, "source " + source.name + " does not have the digest " + locked.digest->str());
  }
  return found->second.files;
}

Result<std::string> SourceReader::fetch_manifest(const Context& context, const format::ImageReference& reference,
                                                 const crypto::Digest& digest) {
  PAWL_TRY(enter(context, "sources.fetch_manifest"));
  std::lock_guard lock(mutex_);
  auto found = manifests_.find(digest);
  if (found == manifests_.end()) {
    return Error(ErrorCode::kNotFound, "there is no manifest " + digest.str() + " of " + reference.name());
  }
  return found->second;
}

}  // namespace pawl::memory

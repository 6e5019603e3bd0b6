#include "engine/audit_names.h"

#include "core/model/referrer.h"
#include "core/plan/state.h"

namespace pawl::engine {

namespace {

using Versions = std::map<std::string, crypto::Digest>;  // "shop-1.0.0" -> release

// Every version that the store's state knows, under the name that its release is given among the blobs.
Result<Versions> known_versions(ports::Reader& reader) {
  constexpr std::string_view kProjects = "project/";
  Versions out;
  std::string after;
  for (;;) {
    PAWL_ASSIGN(std::vector<ports::Record> page, reader.scan(kProjects, after, 1000));
    if (page.empty()) return out;
    for (const ports::Record& record : page) {
      std::string_view rest = std::string_view(record.key).substr(kProjects.size());
      std::size_t end = rest.find('/');
      bool is_release = end != std::string_view::npos && rest.substr(end).starts_with("/release/");
      if (!is_release) continue;
      PAWL_ASSIGN(plan::ReleaseState release, plan::decode<plan::ReleaseState>(record.value));
      for (const std::string& version : release.versions)
        out.emplace(std::string(rest.substr(0, end)) + "-" + version, release.release);
    }
    after = page.back().key;
  }
}

// Names that say by themselves what they stand for: records of a manifest, and vendored files.
bool is_derived(const std::string& name) {
  constexpr std::string_view kFiles = "source-";
  bool files = name.starts_with(kFiles) && crypto::Digest::parse("sha256:" + name.substr(kFiles.size())).ok();
  return files || model::subject_of_tag(name).ok();
}

}  // namespace

Result<std::size_t> check_names(World& world, const Context& context) {
  PAWL_ASSIGN(auto names, world.blobs->names(context));
  Versions versions;
  PAWL_TRY(world.store->read(context, [&](ports::Reader& reader) -> Status {
    PAWL_ASSIGN(versions, known_versions(reader));
    return {};
  }));
  for (const auto& [name, manifest] : names) {
    if (is_derived(name)) continue;
    auto known = versions.find(name);
    bool agrees = known != versions.end() && known->second == manifest.digest;
    if (!agrees)
      return Error(ErrorCode::kIntegrity,
                   "the blob store calls " + manifest.digest.str() + " \"" + name + "\", and the ledger does not",
                   "restore index.json from a backup");
  }
  return names.size();
}

}  // namespace pawl::engine

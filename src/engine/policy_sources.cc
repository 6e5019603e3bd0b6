#include "engine/policy_sources.h"

#include <algorithm>

#include "core/model/release.h"
#include "engine/content.h"
#include "engine/facts.h"
#include "engine/source_files.h"
#include "format/tar.h"

namespace pawl::engine {

namespace {

// Local files are what they are: the configuration names them by digest, so no lock need.
bool is_locked(const model::Source& source) { return !std::holds_alternative<model::FilesSource>(source.from); }

// Paths relative to the folder, so that its name decides nothing.
Result<format::FileTree> read_folder(World& world, const std::string& folder) {
  PAWL_ASSIGN(format::FileTree tree, world.workspace->read_tree(folder));
  for (format::TreeFile& file : tree) {
    if (file.path.starts_with(folder + "/")) file.path.erase(0, folder.size() + 1);
  }
  return tree;
}

Result<format::FileTree> read_files(World& world, const Context& context, const model::Source& source,
                                    const model::LockedSource* locked) {
  if (const auto* files = std::get_if<model::FilesSource>(&source.from)) return read_folder(world, files->path);
  if (locked == nullptr || !model::answers(*locked, source))
    return Error(ErrorCode::kNotFound, "policy source " + source.name + " is not in " + std::string(kPolicyLockFile),
                 "pawl lock");
  return world.sources->fetch(context, source, *locked);
}

}  // namespace

Result<model::Lock> read_policy_lock(World& world) {
  PAWL_ASSIGN(std::optional<std::string> text, world.workspace->read_if_present(std::string(kPolicyLockFile)));
  if (!text) return model::Lock{};
  return model::parse_lock(std::move(*text), std::string(kPolicyLockFile));
}

Result<Wanted> read_wanted(World& world, const Context& context) {
  Wanted out;
  PAWL_ASSIGN(out.project, read_project(world));
  PAWL_ASSIGN(model::Lock lock, read_policy_lock(world));
  for (const model::Source& source : out.project.policy_sources) {
    const model::LockedSource* locked = lock.find_source(source.name);
    PAWL_ASSIGN_WITHIN(format::FileTree files, read_files(world, context, source, locked),
                       "reading policy source " + source.name);
    out.tars.push_back(format::write_tar(files));
    out.project.configuration.policies.push_back({source.name, model::place_of(source),
                                                  is_locked(source) ? locked->version : "",
                                                  crypto::sha256(out.tars.back())});
  }
  return out;
}

Result<model::Lock> resolve_policy_lock(World& world, const Context& context, const std::vector<model::Source>& sources,
                                        const model::Lock& lock, const std::vector<std::string>& update) {
  model::Lock out;
  for (const model::Source& source : sources) {
    if (!is_locked(source)) continue;
    PAWL_ASSIGN(model::LockedSource locked, lock_source(world, context, source, lock, update, "policy source"));
    out.sources.push_back(std::move(locked));
  }
  std::sort(out.sources.begin(), out.sources.end());
  return out;
}

PolicyFilesOf stored_policy_files(World& world, const Context& context) {
  return [&world, &context](const model::PolicySource& policies) -> Result<format::FileTree> {
    PAWL_ASSIGN_WITHIN(std::string tar, world.blobs->get(context, policies.digest),
                       "reading the policies of " + policies.name);
    return format::read_tar(tar);
  };
}

PolicyFilesOf wanted_policy_files(const Wanted& wanted) {
  return [&wanted](const model::PolicySource& policies) -> Result<format::FileTree> {
    const std::vector<model::PolicySource>& all = wanted.project.configuration.policies;
    auto at = std::find(all.begin(), all.end(), policies);
    return format::read_tar(wanted.tars.at(static_cast<std::size_t>(at - all.begin())));
  };
}

}  // namespace pawl::engine

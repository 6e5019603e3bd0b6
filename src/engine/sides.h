#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/drift/difference.h"
#include "core/render/files.h"
#include "engine/causes.h"
#include "engine/ledger.h"

namespace pawl::engine {

// What `diff` compares, by name:
//   staging                 the head of an environment        live:staging    what is at its target
//   1.2.0@staging           a release's bundle for it         sha256:...      a bundle
//   .@staging               the project as it stands here     git:v1@staging  the project as of a commit, tag or branch
//   ./deploy/base           a folder, built or read           git:v1:deploy/base
// A release or a revision alone (1.2.0, git:v1) is compared for every environment.
struct Side {
  std::string words;
  std::vector<drift::DriftObject> objects;
  std::optional<Basis> basis;  // where it is known what it was rendered from
  std::optional<model::EnvironmentName> environment;
};

// Reads sides at one moment; a revision is read from version control once, however many sides are of it.
class Sides {
 public:
  // All of it must outlive this.
  Sides(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration)
      : world_(world), context_(context), moment_(moment), configuration_(configuration) {}

  // The environments that a name which stands for all of them has ("1.2.0", "git:v1"); nullopt for every other name.
  using Environments = std::vector<model::EnvironmentName>;
  Result<std::optional<Environments>> environments_of(const std::string& name);

  // Reads one side; values live in `arena`. Errors: kNotFound, kUsage, and those of rendering.
  Result<Side> read(format::Arena& arena, const std::string& name);

 private:
  Result<Side> of_bundle(format::Arena& arena, const crypto::Digest& digest, std::string words);
  // A bundle whose release is known: then so is what it was rendered from.
  Result<Side> of_released(format::Arena& arena, const crypto::Digest& bundle, std::uint64_t serial, std::string words);
  Result<Side> of_release(format::Arena& arena, const std::string& name, const std::string& version,
                          const std::string& environment);
  Result<Side> of_head(format::Arena& arena, const std::string& name);
  Result<Side> of_target(format::Arena& arena, const std::string& name);
  Result<Side> of_workspace(format::Arena& arena, const std::string& name, const std::string& environment);
  Result<Side> of_revision(format::Arena& arena, const std::string& name, const std::string& what,
                           const std::string& environment);
  Result<Side> of_project(format::Arena& arena, const std::string& name, const model::Content& content,
                          const model::Lock& lock, render::Files files, const std::string& environment);
  Result<Side> of_git_folder(format::Arena& arena, const std::string& name);
  // A kustomization is built; plain manifests are read.
  Result<Side> of_folder(format::Arena& arena, const std::string& name, const std::string& path, render::Files files);
  // The files as of a commit, tag or branch; they live as long as this.
  Result<render::Files> files_at(const std::string& revision);

  World& world_;
  const Context& context_;
  const Moment& moment_;
  const model::Configuration& configuration_;
  std::map<std::string, format::FileTree> trees_;  // by revision
};

}  // namespace pawl::engine

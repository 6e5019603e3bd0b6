#include <memory>

#include "cli/local_commands.h"
#include "cli/session.h"

// `kustomize`.

namespace pawl::cli {

namespace {

int kustomize(Session& session, const std::string& folder) {
  Result<Pieces> text = session.host().kustomize(session.place().folder, folder);
  if (!text) return session.fail(text.error());
  Shown shown{.text = std::move(*text), .names = folder + "\n", .value = {}};
  shown.value = [&](format::Arena& arena) {
    format::Value value = format::Value::map();
    value.set(arena, "folder", folder);
    value.set(arena, "yaml", shown.text.str());
    return value;
  };
  return session.show(shown);
}

}  // namespace

Command kustomize_command() {
  auto folder = std::make_shared<std::string>(".");
  Command command{{"kustomize", api::Group::kBuild, api::Effect::kLooks,
                   "print what `kustomize build` prints for a folder; needs no project",
                   "pawl kustomize deploy/overlays/dev\npawl kustomize deploy/overlays/dev | kubectl diff -f -"},
                  {},
                  [folder](Session& session) { return kustomize(session, *folder); }};
  Binder(command.slots)(*folder, {.name = "folder",
                                  .summary = "a folder with a kustomization; the current one where none is given",
                                  .names = api::Names::kPath,
                                  .positional = true});
  return command;
}

}  // namespace pawl::cli

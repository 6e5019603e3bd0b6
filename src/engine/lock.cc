#include <algorithm>

#include "engine/content.h"
#include "engine/facts.h"
#include "engine/verbs.h"
#include "format/reference.h"

namespace pawl::engine {

namespace {

std::string word_of(char sign) { return sign == '+' ? "added" : sign == '-' ? "removed" : "changed"; }

std::vector<api::LockChangeView> views_of(const std::vector<model::LockChange>& changes) {
  std::vector<api::LockChangeView> out;
  for (const model::LockChange& change : changes)
    out.push_back({word_of(change.sign), change.kind, change.name, change.before, change.after});
  return out;
}

// The manifests of every locked image into the blob store, so that nothing else needs the registry any more.
Status vendor(World& world, const Context& context, const model::Lock& lock) {
  for (const model::LockedImage& image : lock.images) {
    PAWL_ASSIGN(format::ImageReference reference, format::parse_image_reference(image.reference));
    PAWL_ASSIGN(bool there, world.blobs->has(context, image.digest));
    if (there) continue;
    PAWL_ASSIGN_WITHIN(std::string manifest, world.sources->fetch_manifest(context, reference, image.digest),
                       "vendoring " + image.reference);
    PAWL_TRY(world.blobs->put(context, image.media_type, manifest));
  }
  return {};
}

}  // namespace

Result<api::LockResponse> lock(World& world, const Context& context, const api::LockRequest& request) {
  PAWL_ASSIGN(model::Project project, read_project(world));
  world.project = project.content.project.str();
  PAWL_ASSIGN(model::Lock before, read_lock(world));
  // A check looks at the world anew, and says what an update would change.
  std::vector<std::string> update = request.check ? std::vector<std::string>{"*"} : request.update;
  PAWL_ASSIGN(model::Lock after, resolve_lock(world, context, project.content, before, update));
  for (const std::string& name : request.update) {
    bool known = name == "*" || after.find_image(name) != nullptr || after.find_source(name) != nullptr;
    if (!known)
      return Error(ErrorCode::kNotFound, "nothing in the lock is named \"" + name + "\"", "pawl.lock lists the names");
  }
  api::LockResponse out;
  out.changes = views_of(model::difference(before, after));
  out.images = after.images.size();
  out.sources = after.sources.size();
  out.stale = request.check && !out.changes.empty();
  if (request.check || request.dry_run) return out;
  if (request.vendor) PAWL_TRY(vendor(world, context, after));
  std::string text = model::render_lock(after);
  PAWL_ASSIGN(std::optional<std::string> old, world.workspace->read_if_present(std::string(kLockFile)));
  if (old != text) PAWL_TRY(world.workspace->write(std::string(kLockFile), text));
  return out;
}

}  // namespace pawl::engine

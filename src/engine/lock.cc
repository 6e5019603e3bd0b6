#include <algorithm>

#include "engine/content.h"
#include "engine/facts.h"
#include "engine/policy_sources.h"
#include "engine/vendor.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

std::string word_of(char sign) { return sign == '+' ? "added" : sign == '-' ? "removed" : "changed"; }

std::vector<api::LockChangeView> views_of(const std::vector<model::LockChange>& changes) {
  std::vector<api::LockChangeView> out;
  for (const model::LockChange& change : changes)
    out.push_back({word_of(change.sign), change.kind, change.name, change.before, change.after});
  return out;
}

Status write_lock(World& world, const std::string& file, const model::Lock& lock) {
  std::string text = model::render_lock(lock);
  PAWL_ASSIGN(std::optional<std::string> old, world.workspace->read_if_present(file));
  return old == text ? Status() : world.workspace->write(file, text);
}

}  // namespace

Result<api::LockResponse> lock(World& world, const Context& context, const api::LockRequest& request) {
  PAWL_ASSIGN(model::Project project, read_project(world));
  world.project = project.content.project.str();
  PAWL_ASSIGN(model::Lock before, read_lock(world));
  // A check looks at the world anew, and says what an update would change.
  std::vector<std::string> update = request.check ? std::vector<std::string>{"*"} : request.update;
  LockedAnswers answers(before);
  World asked = world;
  if (request.check) asked.sources = vendored_sources(world, &answers);
  PAWL_ASSIGN(model::Lock after, resolve_lock(asked, context, project.content, before, update));
  PAWL_ASSIGN(model::Lock rules_before, read_policy_lock(world));
  PAWL_ASSIGN(model::Lock rules, resolve_policy_lock(world, context, project.policy_sources, rules_before, update));
  for (const std::string& name : request.update) {
    bool known = name == "*" || (name == "helm" && after.helm) || after.find_image(name) != nullptr ||
                 after.find_source(name) != nullptr || rules.find_source(name) != nullptr;
    if (!known)
      return Error(ErrorCode::kNotFound, "nothing in the lock is named \"" + name + "\"", "pawl.lock lists the names");
  }
  api::LockResponse out;
  out.changes = views_of(model::difference(before, after));
  for (api::LockChangeView& change : views_of(model::difference(rules_before, rules))) {
    change.kind = "policies";
    out.changes.push_back(std::move(change));
  }
  out.images = after.images.size();
  out.sources = after.sources.size();
  out.stale = request.check && !out.changes.empty();
  out.notes = std::move(answers.notes);
  std::sort(out.notes.begin(), out.notes.end());
  if (request.check || request.dry_run) return out;
  if (request.vendor) PAWL_TRY(vendor(world, context, project.content, after));
  PAWL_TRY(write_lock(world, std::string(kLockFile), after));
  bool has_rules = !rules.sources.empty() || !rules_before.sources.empty();
  if (has_rules) PAWL_TRY(write_lock(world, std::string(kPolicyLockFile), rules));
  return out;
}

}  // namespace pawl::engine

#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/lock.h"
#include "format/reference.h"
#include "format/value.h"

namespace pawl::bundle {

// Where an image reference stands in an object.
struct ImageUse {
  std::string field;      // "spec.template.spec.containers[web].image"
  std::string text;       // as written; of an env value or argument only the part that is the reference
  std::string container;  // "" outside containers
};

// Every image in `object`: containers, init and ephemeral containers of pods and pod templates wherever they stand
// (CronJobs, lists, templates in custom resources at the paths that are known or declared); in env and args what reads
// `host.tld/path:tag` (or @digest), also after "=".
std::vector<ImageUse> find_images(const format::Value& object);

// Replaces every image that find_images() finds by its pinned form (name:tag@sha256:...). Errors: kInvalid naming
// object, field and file for a reference that `lock` does not hold, and for one whose digest is not the locked one.
Status pin_images(format::Arena& arena, format::Value& object, const model::Lock& lock, const std::string& file);

// The key of an image in the lock: familiar name and tag, "redis" reads "redis:latest"; "name@sha256:.." for digests.
std::string lock_key(const format::ImageReference& reference);

}  // namespace pawl::bundle

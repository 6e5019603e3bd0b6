#pragma once

#include <map>
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

// What a lock makes of the images that manifests write.
class Pins {
 public:
  // `lock` must outlive this.
  explicit Pins(const model::Lock& lock);

  // The reference that is meant: where a source chooses the version of its repository, that version instead of the
  // manifest's tag.
  format::ImageReference meant(format::ImageReference written) const;
  // The locked image for it; nullptr when the lock has none.
  const model::LockedImage* find(const format::ImageReference& meant) const;

 private:
  const model::Lock& lock_;
  std::map<std::string, const model::LockedSource*> chosen_;  // by registry/repository
};

// Replaces every image that find_images() finds by its pinned form (name:tag@sha256:...). Errors: kInvalid naming
// object, field and file for a reference that the lock does not hold, and for one whose digest is not the locked one.
Status pin_images(format::Arena& arena, format::Value& object, const Pins& pins, const std::string& file);

// The key of an image in the lock: familiar name and tag, "redis" reads "redis:latest"; "name@sha256:.." for digests.
std::string lock_key(const format::ImageReference& reference);

}  // namespace pawl::bundle

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/content.h"
#include "crypto/digest.h"

namespace pawl::model {

// pawl.lock: every source and every image found, resolved to a digest. Sorted, canonical, for review and commit.

struct LockedPlatform {
  std::string platform;  // "linux/amd64", "linux/arm/v7"
  crypto::Digest digest;
  auto operator<=>(const LockedPlatform&) const = default;
};

struct LockedImage {
  std::string reference;  // as found, without digest, familiar form: "redis:7.4" (the key)
  crypto::Digest digest;  // of the index or the manifest that the tag named
  std::string media_type;
  std::vector<LockedPlatform> platforms;  // of an index, sorted; empty for a single manifest
  auto operator<=>(const LockedImage&) const = default;
};

// Where a source comes from, as a lock records it: repository, URL or path; of a chart its repository and its name,
// without the "oci://" of a registry's.
std::string place_of(const Source& source);
// What a lock records of the version that a source asks for: "branch main", ">=6.12 <7"; "" for local files.
std::string requested_of(const Source& source);

struct LockedSource {
  std::string name;                      // the key
  std::string kind;                      // "image", "oci", "git", "helm", "files"
  std::string from;                      // repository, URL or path
  std::string requested;                 // the version asked for: ">=6.12 <7", "branch main"
  std::string version;                   // what it came to: tag or commit
  std::string commit;                    // git only
  std::optional<crypto::Digest> digest;  // manifest digest; tree digest for git and files; of an HTTP chart the .tgz's
  std::string url = {};                  // of an HTTP chart: where its .tgz is
  auto operator<=>(const LockedSource&) const = default;
};

// Whether `locked` is an answer to what the project asks of `source` now: the same place and the same wish.
bool answers(const LockedSource& locked, const Source& source);

// What charts are rendered with: the helm program, and the cluster that it is told of. None of it enters a bundle.
struct LockedHelm {
  std::string version;                    // as the program says it: "v4.3.1"
  std::string kube_version;               // of --kube-version: "v1.34.0"
  std::vector<std::string> api_versions;  // of --api-versions, in order
  std::vector<LockedPlatform> programs;   // the program's digest on every platform that locked, sorted
  bool operator==(const LockedHelm&) const = default;

  const crypto::Digest* find_program(std::string_view platform) const;
};

struct Lock {
  std::vector<LockedSource> sources;  // sorted by name
  std::vector<LockedImage> images;    // sorted by reference
  std::optional<LockedHelm> helm;     // where a layer is a chart
  bool operator==(const Lock&) const = default;

  const LockedImage* find_image(std::string_view reference) const;
  const LockedSource* find_source(std::string_view name) const;
};

// Canonical YAML with a header comment. render(parse(x)) == x for every file that Pawl wrote.
std::string render_lock(const Lock& lock);
Result<Lock> parse_lock(std::string text, const std::string& file);

// What changed between two locks, one line each: "~ redis:7.4  sha256:aa.. -> sha256:bb..".
struct LockChange {
  char sign;         // '+', '-', '~'
  std::string kind;  // "image", "source" or "helm"
  std::string name;
  std::string before;
  std::string after;
  auto operator<=>(const LockChange&) const = default;
};
std::vector<LockChange> difference(const Lock& before, const Lock& after);

}  // namespace pawl::model

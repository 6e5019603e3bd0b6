#pragma once

#include <string>
#include <vector>

#include "api/types.h"
#include "base/pieces.h"

namespace pawl::api {

struct InitRequest {
  std::string name;  // "" : the folder's
  bool dry_run = false;
};
struct InitResponse {
  std::string project_file;          // the text of pawl.yaml
  std::vector<std::string> guesses;  // what was guessed, and from what
  std::vector<std::string> written;  // files
  bool existed = false;              // a pawl.yaml was there and was left alone
};

struct LockRequest {
  bool check = false;               // only say whether the lock is stale
  std::vector<std::string> update;  // names to resolve anew; empty: only what is missing; "*": all
  bool vendor = false;
  bool dry_run = false;
};
struct LockResponse {
  std::vector<LockChangeView> changes;
  std::uint64_t images = 0;
  std::uint64_t sources = 0;
  bool stale = false;  // of --check: the answer is no
  std::vector<std::string> notes;  // what was taken from the store, because nobody could be asked
};

struct RenderRequest {
  std::string environment;
  bool explain = false;
  bool locked = true;  // pin images; false shows what kustomize would print
  bool watch = false;  // whoever asks asks again whenever a file changes
};
struct OriginView {
  std::string layer;
  std::string object;
  std::string from;
};
struct RenderedLayerView {
  std::string name;
  std::string tier;
  Pieces yaml;
  std::string digest;
};
struct RenderResponse {
  std::vector<RenderedLayerView> layers;
  std::vector<OriginView> origins;  // with explain
  std::vector<std::string> warnings;
};

struct ReleaseRequest {
  std::string version;
  std::string message;
  bool dirty = false;
  bool dry_run = false;
};
struct ReleasedBundleView {
  std::string environment;
  std::string digest;
  std::uint64_t objects = 0;
  std::uint64_t layers = 0;
  bool unchanged = false;  // the environment's head has this very bundle
};
struct ReleaseResponse {
  ReleaseView release;
  std::vector<ReleasedBundleView> bundles;
  bool existed = false;  // same content as a release that was there
  std::vector<std::string> notes;
};

struct ReproduceRequest {
  std::string release;
};
struct ReproduceResponse {
  bool reproduced = false;
  bool comparable = true;  // false under another renderer version
  std::vector<ReleasedBundleView> bundles;
  std::vector<std::string> differences;
  std::string record;  // digest of the signed statement about the rebuild; "" where there was no key to sign it with
};

struct VerifyRequest {
  std::string release;
};
struct VerifyResponse {
  std::string release;
  std::string digest;
  bool intact = false;
  std::vector<std::string> facts;  // what was checked, one line each
};

// Names of sides: an environment (its head), live:ENV, RELEASE@ENV, a bundle's digest, .@ENV (the files here),
// git:REVISION@ENV, ./FOLDER, git:REVISION:FOLDER; RELEASE or git:REVISION alone: every environment.
struct DiffRequest {
  std::string from;
  std::string to;
};
struct DiffPartView {
  std::string environment;  // "" for a folder
  ChangesView changes;
};
struct DiffResponse {
  std::string from;
  std::string to;
  std::vector<DiffPartView> parts;  // one; of whole releases one for every environment
};

}  // namespace pawl::api

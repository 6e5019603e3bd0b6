#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/render/resource.h"
#include "core/render/world.h"
#include "crypto/digest.h"

namespace pawl::render {

// FNV-1a, as it must be the same in every process. Two names with one hash cost time and nothing else.
std::uint64_t name_hash(std::string_view name);

// Follows a rendering, so that after a change of few manifest files those can be rendered again alone (record.h): an
// excerpt, in which all other manifest files are passed over. Objects are told apart by their file and their place in
// it. Whoever does something in which objects depend on each other in a way that is not followed says entangle().
class Trace {
 public:
  Trace() = default;
  // Of an excerpt that passes over the manifest files of which `passed` says so.
  explicit Trace(std::function<bool(std::string_view path)> passed) : passed_(std::move(passed)) {}
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  bool is_excerpt() const { return passed_ != nullptr; }
  bool passes_over(std::string_view path) const { return passed_ && passed_(path); }

  // The objects that a manifest file gave; gives them their places, from 1.
  void loaded(const std::string& path, std::vector<Item>& items);
  // What became of an object at the end of a build.
  void built(const Item& item);
  // A reference of `by` looked for what is or was called `name`.
  void looked_for(const Item& by, std::string_view name);
  void entangle() { entangled_ = true; }

  bool entangled() const { return entangled_; }
  struct File {
    // What others can see of each object, by place: how it was loaded and what it was called at the end of every build
    // it went through. Two renderings of an object for which this is equal do the same to all others.
    std::vector<crypto::Digest> seen;
    std::vector<std::uint64_t> names;   // hashes of those that its objects have or had
    std::vector<std::uint64_t> wanted;  // hashes of those that its objects' references looked for
    std::uint32_t loads = 0;            // once for each way that leads to it
  };
  // The manifest files.
  const std::map<std::string, File, std::less<>>& files() const { return files_; }

 private:
  File* find(const Item& item);

  std::function<bool(std::string_view path)> passed_;
  std::map<std::string, File, std::less<>> files_;
  std::map<std::string, File, std::less<>>::iterator latest_ = files_.end();  // objects of a file stand side by side
  bool entangled_ = false;
  std::string scratch_;
};

// Whether this build is an excerpt, so that what it does not find may be there all the same.
bool is_excerpt(const World& world);

}  // namespace pawl::render

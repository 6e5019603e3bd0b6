#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/render/resource.h"
#include "core/render/world.h"
#include "crypto/digest.h"

namespace pawl::render {

// What other objects can see of one: how it was loaded and what it was called at the end of every build it went
// through. Two renderings of an object for which this is equal do the same to all others.
struct Traced {
  crypto::Digest seen;
  std::set<std::string> names;  // that it has or had
};

// Follows a rendering, so that after a change of few manifest files those can be rendered again alone (record.h): an
// excerpt, in which all other manifest files are passed over. Objects are told apart by their file and their place in
// it. Whoever does something in which objects depend on each other in a way that is not followed says entangle().
class Trace {
 public:
  Trace() = default;
  // Of an excerpt that passes over the manifest files of which `passed` says so.
  explicit Trace(std::function<bool(std::string_view path)> passed) : passed_(std::move(passed)) {}

  bool is_excerpt() const { return passed_ != nullptr; }
  bool passes_over(std::string_view path) const { return passed_ && passed_(path); }

  // The objects that a manifest file gave; gives them their places, from 1.
  void loaded(const std::string& path, std::vector<Item>& items);
  // What became of objects at the end of a build.
  void built(Schema& schema, const std::vector<Item>& items);
  // A reference of `by` looked for what is or was called `name`.
  void looked_for(const Item& by, std::string_view name) { wanted_[std::string(by.file)].insert(std::string(name)); }
  void entangle() { entangled_ = true; }

  bool entangled() const { return entangled_; }
  struct File {
    std::vector<Traced> objects;  // by place
    std::uint32_t loads = 0;      // once for each way that leads to it
  };
  // The manifest files.
  const std::map<std::string, File>& files() const { return files_; }
  // The names that the references of a file's objects looked for.
  const std::set<std::string>& wanted_by(const std::string& path) const;

 private:
  Traced* find(const Item& item);

  std::function<bool(std::string_view path)> passed_;
  std::map<std::string, File> files_;
  std::map<std::string, std::set<std::string>> wanted_;
  bool entangled_ = false;
};

// Whether this build is an excerpt, so that what it does not find may be there all the same.
bool is_excerpt(const World& world);

}  // namespace pawl::render

#include "core/drift/attribute.h"

#include <algorithm>
#include <map>
#include <set>

namespace pawl::drift {

namespace {

bool has_below(const std::set<std::string>& paths, const std::string& prefix) {
  auto first = paths.lower_bound(prefix);
  return first != paths.end() && first->starts_with(prefix);
}

// What one step does to one object.
struct Touched {
  bool whole = false;  // it comes or goes
  std::set<std::string> paths;
};

bool touches(const Touched& touched, const std::string& path) {
  if (touched.whole) return true;
  if (has_below(touched.paths, path + ".") || has_below(touched.paths, path + "[")) return true;
  for (std::string above = path; !above.empty();) {
    if (touched.paths.contains(above)) return true;
    std::size_t end = above.find_last_of(".[");
    above.resize(end == std::string::npos ? 0 : end);
  }
  return false;
}

using Key = std::pair<std::string, model::ObjectId>;
using Index = std::map<Key, Touched>;

Index index_of(const std::vector<ObjectChange>& changes) {
  Index index;
  for (const ObjectChange& change : changes) {
    Touched& touched = index[Key(change.layer, change.id)];
    touched.whole |= change.change != Change::kChanged;
    for (const FieldChange& field : change.fields) touched.paths.insert(field.path);
  }
  return index;
}

void add_cause(std::string& causes, const std::string& cause) { causes += (causes.empty() ? "" : ", ") + cause; }

void attribute_to(ObjectChange& change, const Touched& touched, const std::string& cause) {
  if (change.change != Change::kChanged) add_cause(change.cause, cause);
  for (FieldChange& field : change.fields) {
    if (touches(touched, field.path)) add_cause(field.cause, cause);
  }
}

void fill_in(ObjectChange& change, const std::string& otherwise) {
  if (change.change != Change::kChanged && change.cause.empty()) change.cause = otherwise;
  for (FieldChange& field : change.fields) {
    if (field.cause.empty()) field.cause = otherwise;
  }
}

}  // namespace

void attribute(std::vector<ObjectChange>& changes, std::span<const Step> steps, const std::string& otherwise) {
  for (const Step& step : steps) {
    Index index = index_of(step.changes);
    for (ObjectChange& change : changes) {
      auto found = index.find(Key(change.layer, change.id));
      if (found != index.end()) attribute_to(change, found->second, step.cause);
    }
  }
  for (ObjectChange& change : changes) fill_in(change, otherwise);
}

}  // namespace pawl::drift

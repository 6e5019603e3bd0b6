#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "core/model/parse.h"

namespace pawl::model {

namespace {

using format::Value;

// A place and the folder inside of it, so that one target inside another is seen: "live/" is in front of "live/dev/".
struct Place {
  std::string root;    // what two targets must share to meet at all
  std::string folder;  // "" for the whole of it, else with a "/" behind
  std::size_t environment;
};

Place place_of(const Target& target, std::size_t environment) {
  auto folder = [](const std::string& path) { return path.empty() ? path : path + "/"; };
  return std::visit(
      overloaded{[&](const DirectoryTarget& x) { return Place{"directory", folder(x.path), environment}; },
                 [&](const GitTarget& x) {
                   std::string_view url = x.url;
                   while (url.ends_with('/')) url.remove_suffix(1);
                   if (url.ends_with(".git")) url.remove_suffix(4);
                   return Place{"git " + std::string(url) + " " + x.branch, folder(x.path), environment};
                 }},
      target);
}

bool is_set(const Target& target) {
  return std::visit(overloaded{[](const DirectoryTarget& x) { return !x.path.empty(); },
                               [](const GitTarget& x) { return !x.url.empty() && !x.branch.empty(); }},
                    target);
}

void compare(const Draft& draft, const Place& one, const Place& other) {
  if (one.root != other.root) return;
  const auto& [a, b] =
      std::minmax(one, other, [](const Place& x, const Place& y) { return x.environment < y.environment; });
  bool inside = a.folder.starts_with(b.folder) || b.folder.starts_with(a.folder);
  if (!inside) return;
  const Draft::Read& read = draft.read[b.environment];
  const std::string& first = draft.configuration.environments[a.environment].name.str();
  const std::string& second = draft.configuration.environments[b.environment].name.str();
  std::string summary = a.folder == b.folder
                            ? fmt::format("{} and {} have one target, {}", first, second,
                                          identity(draft.configuration.environments[b.environment].target))
                            : fmt::format("the targets of {} and {} lie one inside the other", first, second);
  // Pointed out where the second environment stands: the target itself may be one for both, in `defaults`.
  const Value* name = read.fields.find("name");
  read.reader->error(name == nullptr ? read.fields : *name, "target", std::move(summary),
                     "give each a place of its own");
}

// Targets that would write over the project itself.
void check_own_folders(const Draft& draft, std::size_t i) {
  const auto* target = std::get_if<DirectoryTarget>(&draft.configuration.environments[i].target);
  if (target == nullptr) return;
  std::string_view first = split(target->path, '/')[0];
  bool ours = target->path == "." || first == ".git" || first == ".pawl";
  const Value* at = draft.read[i].fields.at_path({"target", "directory"});
  if (!ours || at == nullptr) return;
  draft.read[i].reader->error(*at, "target", fmt::format("\"{}\" cannot be a target", target->path),
                              "the project's own files are there; live/$(environment) is a usual place");
}

}  // namespace

void lint_targets(const Draft& draft) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < draft.read.size(); ++i) {
    const Target& target = draft.configuration.environments[i].target;
    check_own_folders(draft, i);
    if (is_set(target)) places.push_back(place_of(target, i));
  }
  // Sorted, a folder stands in front of everything inside of it, so that neighbours tell.
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::tie(a.root, a.folder, a.environment) < std::tie(b.root, b.folder, b.environment);
  });
  std::size_t outer = 0;
  for (std::size_t i = 1; i < places.size(); ++i) {
    compare(draft, places[outer], places[i]);
    bool still_inside = places[i].root == places[outer].root && places[i].folder.starts_with(places[outer].folder);
    if (!still_inside) outer = i;
  }
}

}  // namespace pawl::model

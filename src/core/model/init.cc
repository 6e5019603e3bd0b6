#include "core/model/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "core/model/init_text.h"
#include "format/file_tree.h"

namespace pawl::model {

namespace {

constexpr std::array<std::string_view, 6> kOverlayParents = {"overlays",    "environments", "envs",
                                                             "environment", "clusters",     "overlay"};
constexpr std::array<std::string_view, 6> kNoEnvironments = {"base",   "bases",      "common",
                                                             "shared", "components", "tests"};
constexpr std::array<std::string_view, 8> kManifestFolders = {"deploy", "k8s",         "manifests",  "kubernetes",
                                                              "kube",   "deployments", "deployment", "config"};
constexpr std::array<std::string_view, 4> kNotOurs = {"node_modules", "vendor", "testdata", "third_party"};

template <std::size_t N>
std::size_t rank_in(const std::array<std::string_view, N>& words, std::string_view word) {
  return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
}

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& words, std::string_view word) {
  return rank_in(words, word) < N;
}

std::string folder_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::string_view leaf(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::size_t depth_of(std::string_view path) {
  return path.empty() ? 0 : static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1;
}

// Hidden folders and other people's code decide nothing. A path with "$(" would be read as a variable.
bool counts(std::string_view path) {
  if (!format::is_tree_path(path)) return false;
  if (path.find("$(") != std::string_view::npos) return false;
  for (std::string_view part : split(path, '/')) {
    if (part.starts_with('.') || is_in(kNotOurs, part)) return false;
  }
  return true;
}

bool is_yaml(std::string_view path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

bool is_kustomization(std::string_view path) {
  std::string_view name = leaf(path);
  return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

// Folders of one parent, each with a kustomization: one for each environment.
struct Overlays {
  std::string parent;
  std::vector<std::string> environments;  // in usual order
  std::size_t usual_names = 0;
};

// What the paths tell, before any decision.
class Tree {
 public:
  Tree(std::span<const std::string> paths, const ReadReferenced& read) : read_(read) {
    for (const std::string& path : paths) {
      if (!counts(path)) continue;
      files_.insert(path);
      if (is_kustomization(path)) kustomizations_.emplace(folder_of(path), path);
      if (leaf(path) == "Chart.yaml") charts_.insert(folder_of(path));
    }
  }

  std::vector<Overlays> overlays() const;
  std::optional<std::string> kustomization() const;
  std::optional<std::string> manifests() const;
  const std::set<std::string>& charts() const { return charts_; }
  bool has_folder(const std::string& folder) const {
    auto next = files_.lower_bound(folder + "/");
    return next != files_.end() && next->starts_with(folder + "/");
  }

 private:
  std::string text_of(const std::string& path) const {
    Result<std::string> bytes = read_(path);
    return bytes ? *bytes : std::string();
  }
  // A component is used by others and renders nothing by itself.
  bool is_component(const std::string& folder) const {
    return text_of(kustomizations_.at(folder)).find("kind: Component") != std::string::npos;
  }
  bool is_in_chart(std::string_view path) const {
    return std::any_of(charts_.begin(), charts_.end(),
                       [&](const std::string& chart) { return chart.empty() || path.starts_with(chart + "/"); });
  }
  bool is_manifest(const std::string& path) const {
    if (!is_yaml(path) || is_in_chart(path)) return false;
    std::string text = "\n" + text_of(path);
    return text.find("\napiVersion:") != std::string::npos && text.find("\nkind:") != std::string::npos;
  }
  bool has_manifest(const std::string& folder) const;

  const ReadReferenced& read_;
  std::set<std::string> files_;
  std::map<std::string, std::string> kustomizations_;  // folder -> its file
  std::set<std::string> charts_;
};

std::vector<Overlays> Tree::overlays() const {
  std::map<std::string, Overlays> by_parent;
  for (const auto& [folder, file] : kustomizations_) {
    std::string name(leaf(folder));
    bool fits = is_dns_label(name) && !is_in(kNoEnvironments, name) && folder.find('/') != std::string::npos;
    if (!fits || is_component(folder)) continue;
    Overlays& group = by_parent[folder_of(folder)];
    group.environments.push_back(name);
    if (is_usual_environment(name)) ++group.usual_names;
  }
  std::vector<Overlays> out;
  for (auto& [parent, group] : by_parent) {
    bool named = is_in(kOverlayParents, leaf(parent)) || group.usual_names != 0;
    if (group.environments.size() < 2 || !named) continue;
    group.parent = parent;
    sort_by_usual_order(group.environments);
    out.push_back(std::move(group));
  }
  std::stable_sort(out.begin(), out.end(), [](const Overlays& a, const Overlays& b) {
    auto key = [](const Overlays& o) {
      return std::tuple(-static_cast<int>(o.usual_names), rank_in(kOverlayParents, leaf(o.parent)), depth_of(o.parent));
    };
    return key(a) < key(b);
  });
  return out;
}

std::optional<std::string> Tree::kustomization() const {
  const std::string* best = nullptr;
  for (const auto& [folder, file] : kustomizations_) {
    // The root itself would take pawl.yaml and the targets in.
    if (folder.empty() || is_component(folder)) continue;
    if (best == nullptr || depth_of(folder) < depth_of(*best)) best = &folder;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

bool Tree::has_manifest(const std::string& folder) const {
  constexpr int kMostReads = 50;
  int reads = 0;
  for (auto at = files_.lower_bound(folder + "/"); at != files_.end() && at->starts_with(folder + "/"); ++at) {
    if (!is_yaml(*at)) continue;
    if (is_manifest(*at)) return true;
    if (++reads == kMostReads) return false;
  }
  return false;
}

std::optional<std::string> Tree::manifests() const {
  std::set<std::tuple<std::size_t, std::size_t, std::string>> candidates;  // by name, then depth, then alphabet
  for (const std::string& file : files_) {
    if (!is_yaml(file) || is_in_chart(file)) continue;
    for (std::string folder = folder_of(file); !folder.empty(); folder = folder_of(folder)) {
      candidates.emplace(rank_in(kManifestFolders, leaf(folder)), depth_of(folder), folder);
    }
  }
  for (const auto& [rank, depth, folder] : candidates) {
    if (has_manifest(folder)) return folder;
  }
  return std::nullopt;
}

// One layer for each folder of overlays that has the same environments: "shop/cart/overlays" is the layer cart.
std::vector<GuessedLayer> layers_of(const std::vector<Overlays>& groups, const std::string& project) {
  std::vector<GuessedLayer> out;
  std::set<std::string> taken;
  for (const Overlays& group : groups) {
    if (group.environments != groups[0].environments) continue;
    std::string owner(is_in(kOverlayParents, leaf(group.parent)) ? folder_of(group.parent) : group.parent);
    std::string name = fit_name(leaf(owner));
    if (!taken.insert(name).second) name = fit_name(owner);
    out.push_back({name, "kustomize", group.parent + "/$(environment)"});
  }
  if (out.size() == 1) out[0].name = project;
  return out;
}

void describe_overlays(const std::vector<Overlays>& groups, std::size_t layers, Guess& guess) {
  guess.reasons.push_back(fmt::format("Found kustomize overlays in {}: {}. Each folder is taken for an environment.",
                                      groups[0].parent, join(groups[0].environments, ", ")));
  if (layers > 1) {
    guess.reasons.push_back(fmt::format("{} folders have the same overlays; each is a layer of its own.", layers));
  }
  for (const Overlays& group : groups) {
    if (group.environments == groups[0].environments) continue;
    guess.reasons.push_back(
        fmt::format("Left out {}: it has other environments ({}).", group.parent, join(group.environments, ", ")));
  }
}

void describe_single(const GuessedLayer& layer, Guess& guess) {
  std::string_view what = layer.input == "kustomize" ? "a kustomization" : "plain manifests";
  guess.reasons.push_back(fmt::format("Found {} in {} and no overlays.", what, layer.path));
  guess.reasons.emplace_back(
      "Every environment renders the same files so far: add parameters, patches or overlays where they differ.");
}

void describe_rest(const Tree& tree, const GuessedProject& project, Guess& guess) {
  guess.reasons.push_back(fmt::format("Releases move {}; promotesFrom says so and can be changed.", in_words(project)));
  guess.reasons.push_back(
      fmt::format("What is rendered goes to {}/ENVIRONMENT, until target names a Git branch.", project.target));
  for (const std::string& chart : tree.charts()) {
    guess.reasons.push_back(fmt::format("Left out the Helm chart in {}.", chart.empty() ? "." : chart));
  }
}

std::string free_folder(const Tree& tree) {
  for (const char* folder : {"live", "rendered", "pawl-live"}) {
    if (!tree.has_folder(folder)) return folder;
  }
  return "pawl-targets";
}

}  // namespace

Result<Guess> guess_project(std::span<const std::string> paths, const ReadReferenced& read, std::string_view name) {
  Tree tree(paths, read);
  Guess guess;
  GuessedProject project{.name = fit_name(name), .target = free_folder(tree)};
  std::vector<Overlays> groups = tree.overlays();
  if (!groups.empty()) {
    project.layers = layers_of(groups, project.name);
    project.environments = groups[0].environments;
    describe_overlays(groups, project.layers.size(), guess);
  } else {
    std::optional<std::string> kustomization = tree.kustomization();
    std::optional<std::string> folder = kustomization ? kustomization : tree.manifests();
    if (!folder) {
      return Error(ErrorCode::kNotFound, "found no kustomization and no folder of Kubernetes manifests here",
                   "write pawl.yaml by hand; `pawl explain layers` says what a layer can be made of");
    }
    project.layers = {{project.name, kustomization ? "kustomize" : "manifests", *folder}};
    project.environments = {"dev", "staging", "production"};
    describe_single(project.layers[0], guess);
  }
  describe_rest(tree, project, guess);
  guess.text = render_project_file(project);
  for (const std::string& environment : project.environments) guess.environments.emplace_back(environment);
  return guess;
}

}  // namespace pawl::model

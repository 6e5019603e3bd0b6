#include "core/model/lock.h"

#include <algorithm>

#include "base/strong.h"
#include "format/yaml.h"

namespace pawl::model {

std::string place_of(const Source& source) {
  constexpr std::string_view kOci = "oci://";
  return std::visit(overloaded{[](const ImageSource& s) { return s.image; }, [](const OciSource& s) { return s.oci; },
                               [](const GitSource& s) { return s.url; },
                               [&](const HelmSource& s) {
                                 std::string repository = s.repository;
                                 while (repository.ends_with('/')) repository.pop_back();
                                 std::string whole = repository.empty() ? s.chart : repository + "/" + s.chart;
                                 return whole.starts_with(kOci) ? whole.substr(kOci.size()) : whole;
                               },
                               [](const FilesSource& s) { return s.path; }},
                    source.from);
}

std::string requested_of(const Source& source) {
  const auto* git = std::get_if<GitSource>(&source.from);
  if (git == nullptr) return source.version;
  if (!git->commit.empty()) return "commit " + git->commit;
  if (!git->branch.empty()) return "branch " + git->branch;
  return git->tag.empty() ? source.version : "tag " + git->tag;
}

bool answers(const LockedSource& locked, const Source& source) {
  return locked.from == place_of(source) && locked.requested == requested_of(source);
}

using format::Arena;
using format::Value;

namespace {

constexpr std::string_view kHeader =
    "# Written by `pawl lock`. Review and commit it; change versions in pawl.yaml, not here.\n";

// Absent rather than empty: a line says one thing.
void put(Arena& arena, Value& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.set(arena, key, text);
}

Value render_source(Arena& arena, const LockedSource& source) {
  Value out = Value::map();
  put(arena, out, "name", source.name);
  put(arena, out, "kind", source.kind);
  put(arena, out, "from", source.from);
  put(arena, out, "requested", source.requested);
  put(arena, out, "version", source.version);
  put(arena, out, "commit", source.commit);
  put(arena, out, "url", source.url);
  if (source.digest) out.set(arena, "digest", source.digest->str());
  return out;
}

Value render_platforms(Arena& arena, const std::vector<LockedPlatform>& platforms) {
  Value out = Value::map();
  for (const LockedPlatform& platform : platforms) out.set(arena, platform.platform, platform.digest.str());
  return out;
}

Value render_image(Arena& arena, const LockedImage& image) {
  Value out = Value::map();
  put(arena, out, "image", image.reference);
  out.set(arena, "digest", image.digest.str());
  put(arena, out, "mediaType", image.media_type);
  if (!image.platforms.empty()) out.set(arena, "platforms", render_platforms(arena, image.platforms));
  return out;
}

Value render_helm(Arena& arena, const LockedHelm& helm) {
  Value out = Value::map();
  put(arena, out, "version", helm.version);
  put(arena, out, "kubeVersion", helm.kube_version);
  if (!helm.api_versions.empty()) {
    Value versions = Value::list();
    for (const std::string& version : helm.api_versions) versions.push_back(arena, Value::string(arena, version));
    out.set(arena, "apiVersions", versions);
  }
  out.set(arena, "programs", render_platforms(arena, helm.programs));
  return out;
}

}  // namespace

std::string render_lock(const Lock& lock) {
  Arena arena;
  Value sources = Value::list();
  for (const LockedSource& source : lock.sources) sources.push_back(arena, render_source(arena, source));
  Value images = Value::list();
  for (const LockedImage& image : lock.images) images.push_back(arena, render_image(arena, image));
  Value root = Value::map();
  root.set(arena, "version", Value::integer(1));
  root.set(arena, "sources", sources);
  root.set(arena, "images", images);
  if (lock.helm) root.set(arena, "helm", render_helm(arena, *lock.helm));
  std::string out(kHeader);
  format::render_yaml(root, out, format::KeyOrder::kAsWritten);
  return out;
}

const crypto::Digest* LockedHelm::find_program(std::string_view platform) const {
  auto found = std::find_if(programs.begin(), programs.end(), [&](const auto& p) { return p.platform == platform; });
  return found == programs.end() ? nullptr : &found->digest;
}

const LockedImage* Lock::find_image(std::string_view reference) const {
  auto found = std::lower_bound(images.begin(), images.end(), reference,
                                [](const LockedImage& i, std::string_view r) { return i.reference < r; });
  return found == images.end() || found->reference != reference ? nullptr : &*found;
}

const LockedSource* Lock::find_source(std::string_view name) const {
  auto found = std::lower_bound(sources.begin(), sources.end(), name,
                                [](const LockedSource& s, std::string_view n) { return s.name < n; });
  return found == sources.end() || found->name != name ? nullptr : &*found;
}

namespace {

std::string shown(const LockedImage& image) { return image.digest.str(); }
std::string shown(const LockedSource& source) {
  std::string out = source.version;
  if (!source.commit.empty() && source.commit != source.version) out += (out.empty() ? "" : " ") + source.commit;
  if (source.digest) out += (out.empty() ? "" : " ") + source.digest->str();
  return source.url.empty() ? out : out + " " + source.url;
}
std::string shown(const LockedHelm& helm) {
  std::string out = helm.version + ", for Kubernetes " + helm.kube_version;
  for (const std::string& version : helm.api_versions) out += " " + version;
  for (const LockedPlatform& program : helm.programs) out += ", " + program.platform + " " + program.digest.brief();
  return out;
}

std::vector<LockedHelm> as_list(const std::optional<LockedHelm>& helm) {
  return helm ? std::vector<LockedHelm>{*helm} : std::vector<LockedHelm>();
}

template <class T, class Key>
void compare(const std::vector<T>& before, const std::vector<T>& after, std::string_view kind, Key key,
             std::vector<LockChange>& out) {
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    bool only_a = b == after.end() || (a != before.end() && key(*a) < key(*b));
    bool only_b = !only_a && (a == before.end() || key(*b) < key(*a));
    if (only_a)
      out.push_back({'-', std::string(kind), key(*a), shown(*a), ""});
    else if (only_b)
      out.push_back({'+', std::string(kind), key(*b), "", shown(*b)});
    else if (*a != *b)
      out.push_back({'~', std::string(kind), key(*a), shown(*a), shown(*b)});
    if (!only_b) ++a;
    if (!only_a) ++b;
  }
}

}  // namespace

std::vector<LockChange> difference(const Lock& before, const Lock& after) {
  std::vector<LockChange> out;
  compare(before.sources, after.sources, "source", [](const LockedSource& s) { return s.name; }, out);
  compare(before.images, after.images, "image", [](const LockedImage& i) { return i.reference; }, out);
  compare(
      as_list(before.helm), as_list(after.helm), "helm", [](const LockedHelm&) { return std::string("helm"); }, out);
  return out;
}

}  // namespace pawl::model

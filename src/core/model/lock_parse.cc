#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/model/lock.h"
#include "format/yaml.h"

namespace pawl::model {

using format::Member;
using format::Value;

namespace {

constexpr std::array<std::string_view, 4> kFields = {"version", "sources", "images", "helm"};
constexpr std::array<std::string_view, 8> kSource = {"name",    "kind",   "from", "requested",
                                                     "version", "commit", "url",  "digest"};
constexpr std::array<std::string_view, 4> kImage = {"image", "digest", "mediaType", "platforms"};
constexpr std::array<std::string_view, 4> kHelm = {"version", "kubeVersion", "apiVersions", "programs"};
constexpr std::array<std::string_view, 5> kKinds = {"image", "oci", "git", "helm", "files"};

// Reads a lock strictly and notes everything that is wrong with its place.
class LockReader {
 public:
  LockReader(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  Lock read(const Value& root) {
    Lock lock;
    if (!check_map(root, kFields, "the lock")) return lock;
    const Value* version = root.find("version");
    bool known = version != nullptr && version->kind() == format::Kind::kInt && version->as_int() == 1;
    if (!known)
      error(version == nullptr ? root : *version, "version must be 1", "a newer pawl may have written this lock");
    for (const Value* item : list(root, "sources")) read_source(*item, lock.sources);
    for (const Value* item : list(root, "images")) read_image(*item, lock.images);
    if (const Value* helm = root.find("helm")) lock.helm = read_helm(*helm);
    return lock;
  }

  std::vector<Diagnostic> take() { return std::move(diagnostics_); }

 private:
  void note(Position at, std::size_t length, std::string summary, std::string help) {
    constexpr std::size_t kMost = 100;
    if (diagnostics_.size() >= kMost) return;
    diagnostics_.push_back({.file = file_,
                            .at = at,
                            .length = static_cast<std::uint32_t>(std::min<std::size_t>(length, 200)),
                            .code = "lock",
                            .summary = std::move(summary),
                            .snippet = line_of(text_, at.line),
                            .help = std::move(help)});
  }
  void error(const Value& value, std::string summary, std::string help = "make the lock anew: pawl lock") {
    std::size_t length = value.is_string() ? value.as_string().size() + (value.quoted() ? 2 : 0) : 1;
    note(value.at(), std::max<std::size_t>(length, 1), std::move(summary), std::move(help));
  }

  bool check_map(const Value& value, std::span<const std::string_view> known, std::string_view what) {
    if (!value.is_map()) {
      error(value, fmt::format("{} must be a map, not {}", what, format::name_of(value.kind())));
      return false;
    }
    for (const Member& member : value.members()) {
      if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
      note(member.key_at, member.key.size(), fmt::format("unknown field \"{}\" in {}", member.key.substr(0, 80), what),
           "make the lock anew: pawl lock");
    }
    return true;
  }

  std::vector<const Value*> list(const Value& root, std::string_view key) {
    std::vector<const Value*> out;
    const Value* found = root.find(key);
    if (found == nullptr || !found->is_list()) {
      error(found == nullptr ? root : *found, fmt::format("{} must be a list", key));
      return out;
    }
    for (const Value& item : found->items()) out.push_back(&item);
    return out;
  }

  std::string text(const Value& map, std::string_view key, bool required) {
    const Value* found = map.find(key);
    if (found == nullptr) {
      if (required) error(map, fmt::format("\"{}\" is missing", key));
      return {};
    }
    bool fits = found->is_string() && !found->as_string().empty() &&
                std::none_of(found->as_string().begin(), found->as_string().end(),
                             [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (!fits) error(*found, fmt::format("{} must be a string on one line", key));
    return std::string(found->string_or_empty());
  }

  std::optional<crypto::Digest> digest(const Value& value, std::string_view what) {
    Result<crypto::Digest> parsed = crypto::Digest::parse(value.string_or_empty());
    if (parsed) return *parsed;
    error(value, fmt::format("{} is no digest: sha256: and 64 lower-case hexadecimal digits", what));
    return std::nullopt;
  }

  // Notes an entry that does not stand behind the one before.
  template <class T, class Key>
  void check_order(const Value& item, const std::vector<T>& before, const std::string& name, Key key) {
    if (name.empty() || before.empty() || key(before.back()) < name) return;
    error(item, key(before.back()) == name
                    ? fmt::format("\"{}\" stands twice", name)
                    : fmt::format("\"{}\" stands behind \"{}\"; entries are sorted", name, key(before.back())));
  }

  void read_source(const Value& item, std::vector<LockedSource>& out) {
    if (!check_map(item, kSource, "sources")) return;
    LockedSource source{
        .name = text(item, "name", true), .kind = text(item, "kind", true), .from = text(item, "from", true)};
    source.requested = text(item, "requested", false);
    source.version = text(item, "version", false);
    source.commit = text(item, "commit", false);
    source.url = text(item, "url", false);
    if (const Value* found = item.find("digest")) source.digest = digest(*found, "digest");
    if (!source.kind.empty() && std::find(kKinds.begin(), kKinds.end(), source.kind) == kKinds.end()) {
      error(*item.find("kind"), fmt::format("there is no kind of source \"{}\"", source.kind.substr(0, 80)));
    }
    check_commit(item, source);
    check_order(item, out, source.name, [](const LockedSource& s) { return s.name; });
    out.push_back(std::move(source));
  }

  // A source that is resolved to neither says nothing, and a commit becomes an argument of git.
  void check_commit(const Value& item, const LockedSource& source) {
    bool hex = source.commit.find_first_not_of("0123456789abcdef") == std::string::npos;
    bool whole = source.commit.size() == 40 || source.commit.size() == 64;
    if (!source.commit.empty() && !(hex && whole))
      error(*item.find("commit"), "commit must be 40 or 64 hexadecimal digits");
    if (source.commit.empty() && item.find("digest") == nullptr) error(item, "a source needs a digest or a commit");
  }

  void read_image(const Value& item, std::vector<LockedImage>& out) {
    if (!check_map(item, kImage, "images")) return;
    std::string reference = text(item, "image", true);
    std::string media_type = text(item, "mediaType", false);
    check_order(item, out, reference, [](const LockedImage& i) { return i.reference; });
    const Value* found = item.find("digest");
    if (found == nullptr) return error(item, "\"digest\" is missing");
    std::optional<crypto::Digest> resolved = digest(*found, "digest");
    if (!resolved) return;
    out.push_back({std::move(reference), *resolved, std::move(media_type), read_platforms(item, "platforms")});
  }

  LockedHelm read_helm(const Value& item) {
    LockedHelm helm;
    if (!check_map(item, kHelm, "helm")) return helm;
    helm.version = text(item, "version", true);
    helm.kube_version = text(item, "kubeVersion", true);
    if (item.find("apiVersions") != nullptr) {
      for (const Value* version : list(item, "apiVersions")) {
        if (!version->is_string()) error(*version, "apiVersions holds what is no string");
        helm.api_versions.emplace_back(version->string_or_empty());
      }
    }
    helm.programs = read_platforms(item, "programs");
    return helm;
  }

  std::vector<LockedPlatform> read_platforms(const Value& item, std::string_view key) {
    std::vector<LockedPlatform> out;
    const Value* platforms = item.find(key);
    if (platforms == nullptr) return out;
    if (!platforms->is_map()) error(*platforms, fmt::format("{} must be a map", key));
    for (const Member& member : platforms->members()) {
      std::string name(member.key);
      check_order(member.value, out, name, [](const LockedPlatform& p) { return p.platform; });
      if (auto resolved = digest(member.value, name)) out.push_back({name, *resolved});
    }
    return out;
  }

  const std::string& file_;
  std::string_view text_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace

Result<Lock> parse_lock(std::string text, const std::string& file) {
  PAWL_ASSIGN(format::Document document,
              format::parse_yaml_document(text, {.schema = format::YamlSchema::kStrict12, .file = file}));
  LockReader reader(file, text);
  Lock lock = reader.read(document.root);
  std::vector<Diagnostic> diagnostics = reader.take();
  if (!diagnostics.empty()) return invalid_files(std::move(diagnostics));
  return lock;
}

}  // namespace pawl::model

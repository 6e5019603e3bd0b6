#include "core/model/lock.h"

#include <algorithm>

#include "format/codec.h"
#include "format/yaml.h"

namespace pawl::format {

template <>
struct Blank<model::LockedPlatform> {
  static model::LockedPlatform make() { return {{}, Blank<crypto::Digest>::make()}; }
};
template <>
struct Blank<model::LockedImage> {
  static model::LockedImage make() { return {.digest = Blank<crypto::Digest>::make()}; }
};

}  // namespace pawl::format

namespace pawl::model {

using format::Value;

template <class V>
void fields(V& v, LockedPlatform& x) {
  v("platform", x.platform);
  v("digest", x.digest);
}
template <class V>
void fields(V& v, LockedImage& x) {
  v("image", x.reference);
  v("digest", x.digest);
  v("mediaType", x.media_type);
  v("platforms", x.platforms);
}
template <class V>
void fields(V& v, LockedSource& x) {
  v("name", x.name);
  v("kind", x.kind);
  v("from", x.from);
  v("requested", x.requested);
  v("version", x.version);
  v("commit", x.commit);
  v("digest", x.digest);
}

namespace {

struct Document {
  std::uint64_t version = 1;
  std::vector<LockedSource> sources;
  std::vector<LockedImage> images;
};
template <class V>
void fields(V& v, Document& x) {
  v("version", x.version);
  v("sources", x.sources);
  v("images", x.images);
}

constexpr std::string_view kHeader =
    "# Written by `pawl lock`. Review and commit it; change versions in pawl.yaml, not here.\n";

template <class T, class Key>
bool is_sorted_unique(const std::vector<T>& items, Key key) {
  return std::adjacent_find(items.begin(), items.end(), [&](const T& a, const T& b) { return !(key(a) < key(b)); }) ==
         items.end();
}

}  // namespace

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

std::string render_lock(const Lock& lock) {
  format::Arena arena;
  std::string out(kHeader);
  format::render_yaml(format::to_value(arena, Document{1, lock.sources, lock.images}), out,
                      format::KeyOrder::kAsWritten);
  return out;
}

Result<Lock> parse_lock(std::string text, const std::string& file) {
  auto bad = [&](std::string why) {
    return Error(ErrorCode::kInvalid, file + " is not a lock that pawl wrote: " + std::move(why),
                 "make it anew: pawl lock");
  };
  PAWL_ASSIGN(format::Document document,
              format::parse_yaml_document(std::move(text), {.schema = format::YamlSchema::kStrict12, .file = file}));
  Document read;
  if (Status status = format::from_value(document.root, read); !status) return bad(status.error().text());
  if (read.version != 1)
    return Error(ErrorCode::kInvalid, file + " has a version that is not known",
                 "a newer pawl wrote it; use that version");
  bool sorted = is_sorted_unique(read.sources, [](const LockedSource& s) { return s.name; }) &&
                is_sorted_unique(read.images, [](const LockedImage& i) { return i.reference; });
  if (!sorted) return bad("its entries are not sorted, or one stands twice");
  return Lock{std::move(read.sources), std::move(read.images)};
}

namespace {

std::string shown(const LockedImage& image) { return image.digest.str(); }
std::string shown(const LockedSource& source) {
  std::string out = source.version;
  if (!source.commit.empty()) out += (out.empty() ? "" : " ") + source.commit;
  if (source.digest) out += (out.empty() ? "" : " ") + source.digest->str();
  return out;
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
  return out;
}

}  // namespace pawl::model

#include "core/drift/difference.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/model/secret_data.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::drift {

std::string_view name_of(Change change) {
  switch (change) {
    case Change::kAdded:
      return "added";
    case Change::kRemoved:
      return "removed";
    case Change::kChanged:
      return "changed";
  }
  return "";
}

using format::Member;
using format::Value;

namespace {

constexpr std::size_t kLongestShown = 200;
// Keys that tell the elements of a list apart, the usual one first.
constexpr std::array<std::string_view, 7> kMergeKeys = {"name", "containerPort", "mountPath",  "port",
                                                        "ip",   "key",           "topologyKey"};

std::string shown(const Value& value) {
  std::string text = value.is_string()                      ? std::string(value.as_string())
                     : value.kind() == format::Kind::kFloat ? format::render_yaml(value)
                                                            : format::render_json(value);
  if (text.size() > kLongestShown) {
    std::size_t cut = kLongestShown;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    text = text.substr(0, cut) + "...";
  }
  return text;
}

std::optional<std::string> key_text(const Value& element, std::string_view key) {
  const Value* value = element.find(key);
  if (value == nullptr || !value->is_scalar() || value->is_null()) return std::nullopt;
  return value->is_string() ? std::string(value->as_string()) : format::render_json(*value);
}

// The elements of `list` by `key`; nullopt when one has no such key, or two have the same.
std::optional<std::map<std::string, const Value*>> indexed(const Value& list, std::string_view key) {
  std::map<std::string, const Value*> out;
  for (const Value& element : list.items()) {
    std::optional<std::string> name = key_text(element, key);
    if (!name || !out.emplace(*name, &element).second) return std::nullopt;
  }
  return out;
}

class Comparer {
 public:
  explicit Comparer(std::vector<FieldChange>& out) : out_(out) {}

  void compare(const Value& a, const Value& b, const std::string& path) {
    if (a.is_map() && b.is_map()) return maps(a, b, path);
    if (a.is_list() && b.is_list()) return lists(a, b, path);
    if (!equal(a, b)) out_.push_back({path, Change::kChanged, shown(a), shown(b), {}});
  }

 private:
  void added(const Value& value, const std::string& path) {
    out_.push_back({path, Change::kAdded, "", shown(value), {}});
  }
  void removed(const Value& value, const std::string& path) {
    out_.push_back({path, Change::kRemoved, shown(value), "", {}});
  }

  static std::string below(const std::string& path, std::string_view key) {
    bool plain = key.find_first_of(".[]") == std::string_view::npos;
    if (!plain) return path + "[" + std::string(key) + "]";
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }

  void either(const std::map<std::string, const Value*>& a, const std::map<std::string, const Value*>& b,
              const auto& name) {
    auto x = a.begin();
    auto y = b.begin();
    while (x != a.end() || y != b.end()) {
      if (y == b.end() || (x != a.end() && x->first < y->first)) {
        removed(*x->second, name(x->first));
        ++x;
      } else if (x == a.end() || y->first < x->first) {
        added(*y->second, name(y->first));
        ++y;
      } else {
        compare(*x->second, *y->second, name(x->first));
        ++x;
        ++y;
      }
    }
  }

  static std::map<std::string, const Value*> members_of(const Value& map) {
    std::map<std::string, const Value*> out;
    for (const Member& member : map.members()) out.emplace(std::string(member.key), &member.value);
    return out;
  }

  void maps(const Value& a, const Value& b, const std::string& path) {
    either(members_of(a), members_of(b), [&](const std::string& key) { return below(path, key); });
  }

  void lists(const Value& a, const Value& b, const std::string& path) {
    for (std::string_view key : kMergeKeys) {
      auto x = indexed(a, key);
      auto y = indexed(b, key);
      if (!x || !y || (x->empty() && y->empty())) continue;
      either(*x, *y, [&](const std::string& name) { return path + "[" + name + "]"; });
      // The same elements in another order are another list: for env and initContainers the order means something.
      bool reordered = x->size() == y->size() && out_of_order(a, b, key);
      if (reordered) out_.push_back({path, Change::kChanged, "(order)", "(another order)", {}});
      return;
    }
    by_position(a, b, path);
  }

  static bool out_of_order(const Value& a, const Value& b, std::string_view key) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (key_text(a.items()[i], key) != key_text(b.items()[i], key)) {
        std::vector<std::string> left;
        std::vector<std::string> right;
        for (const Value& item : a.items()) left.push_back(*key_text(item, key));
        for (const Value& item : b.items()) right.push_back(*key_text(item, key));
        std::sort(left.begin(), left.end());
        std::sort(right.begin(), right.end());
        return left == right;
      }
    }
    return false;
  }

  void by_position(const Value& a, const Value& b, const std::string& path) {
    std::size_t common = std::min(a.size(), b.size());
    auto at = [&](std::size_t i) { return path + "[" + std::to_string(i) + "]"; };
    for (std::size_t i = 0; i < common; ++i) compare(a.items()[i], b.items()[i], at(i));
    for (std::size_t i = common; i < a.size(); ++i) removed(a.items()[i], at(i));
    for (std::size_t i = common; i < b.size(); ++i) added(b.items()[i], at(i));
  }

  std::vector<FieldChange>& out_;
};

// Fields of two objects. The values of secrets are compared and never shown.
std::vector<FieldChange> field_changes(const Value& a, const Value& b) {
  std::vector<FieldChange> changes;
  Comparer(changes).compare(a, b, "");
  bool secret = model::is_secret(a) || model::is_secret(b);
  for (FieldChange& change : changes) {
    bool value = change.path.starts_with("data") || change.path.starts_with("stringData") ||
                 change.path.find("last-applied") != std::string::npos;
    if (!secret || !value) continue;
    if (!change.before.empty()) change.before = model::kHidden;
    if (!change.after.empty()) change.after = model::kHidden;
  }
  return changes;
}

using Key = std::pair<std::string, model::ObjectId>;

std::map<Key, const DriftObject*> by_key(std::span<const DriftObject> objects) {
  std::map<Key, const DriftObject*> out;
  for (const DriftObject& object : objects) out.emplace(Key(object.layer, object.id), &object);
  return out;
}

}  // namespace

Result<std::vector<DriftObject>> objects_of(format::Arena& arena, std::string_view layer, std::string yaml) {
  format::YamlOptions options;
  options.file = "layer " + std::string(layer);
  PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(arena, std::move(yaml), options));
  std::vector<DriftObject> out;
  for (const Value& document : documents) out.push_back({model::object_id(document), std::string(layer), document});
  return out;
}

std::vector<ObjectChange> difference(std::span<const DriftObject> before, std::span<const DriftObject> after) {
  std::map<Key, const DriftObject*> a = by_key(before);
  std::map<Key, const DriftObject*> b = by_key(after);
  std::vector<ObjectChange> out;
  for (const auto& [key, object] : a) {
    auto other = b.find(key);
    if (other == b.end()) {
      out.push_back({key.second, key.first, Change::kRemoved, {}, {}, {}});
      continue;
    }
    std::vector<FieldChange> fields = field_changes(object->object, other->second->object);
    if (!fields.empty()) out.push_back({key.second, key.first, Change::kChanged, std::move(fields), {}, {}});
  }
  for (const auto& [key, object] : b) {
    if (!a.contains(key)) out.push_back({key.second, key.first, Change::kAdded, {}, {}, {}});
  }
  std::sort(out.begin(), out.end(), [](const ObjectChange& x, const ObjectChange& y) {
    return std::tie(x.layer, x.id) < std::tie(y.layer, y.id);
  });
  return out;
}

}  // namespace pawl::drift

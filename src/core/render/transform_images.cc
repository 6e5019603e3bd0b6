#include <algorithm>
#include <memory>
#include <unordered_map>

#include "core/render/scalar.h"
#include "core/render/transform.h"
#include "format/regex.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

struct ImageParts {
  std::string name;
  std::string tag;
  std::string digest;
};

// "host:5000/name:tag@digest": a colon in front of the first slash belongs to the host.
ImageParts parts_of(std::string_view image) {
  std::size_t slash = image.find('/');
  std::size_t from = slash == std::string_view::npos || slash == 0 ? 0 : slash;
  std::size_t at = image.find('@', from);
  std::size_t colon = image.find(':', from);
  if (at == std::string_view::npos && colon == std::string_view::npos) return {std::string(image), "", ""};
  std::string digest(at == std::string_view::npos ? std::string_view() : image.substr(at + 1));
  if (at < colon) return {std::string(image.substr(0, at)), "", std::move(digest)};
  std::size_t tag_end = std::min(at, image.size());
  return {std::string(image.substr(0, colon)), std::string(image.substr(colon + 1, tag_end - colon - 1)),
          std::move(digest)};
}

// What may follow a name: a tag, a digest, both or neither.
constexpr std::string_view kBehindName =
    "(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$";

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_tag_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '.' || c == '{' || c == '}' || c == '-';
  });
}
bool is_algorithm(std::string_view text) {
  bool ends_word = true;
  for (char c : text) {
    if (!is_alphanumeric(c) && (ends_word || std::string_view(".+_-").find(c) == std::string_view::npos)) return false;
    ends_word = !is_alphanumeric(c);
  }
  return !ends_word;
}
// As kBehindName, without a regular expression.
bool may_follow_name(std::string_view rest) {
  if (rest.starts_with(':')) {
    std::size_t end = std::min(rest.find('@'), rest.size());
    if (!is_tag_text(rest.substr(1, end - 1))) return false;
    rest.remove_prefix(end);
  }
  if (rest.empty()) return true;
  std::size_t colon = rest.find(':');
  return rest[0] == '@' && colon != std::string_view::npos && is_algorithm(rest.substr(1, colon - 1)) &&
         is_tag_text(rest.substr(colon + 1));
}

// Whether a name, read as a regular expression, has no operator but ".", any character.
bool is_simple(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("/_:@.-").find(c) != std::string_view::npos;
  });
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('/') + 1); }

// One entry of `images`. kustomize puts its name into a regular expression unescaped; one that is none matches nothing.
class ImageChange {
 public:
  explicit ImageChange(const Image& image) : image_(image), simple_(is_simple(image.name)) {
    if (simple_) return;
    Result<format::Regex> pattern = format::Regex::compile("^" + std::string(image.name) + std::string(kBehindName));
    if (pattern) pattern_.emplace(*pattern);
  }

  bool is_simple_name() const { return simple_; }
  std::string_view name() const { return image_.name; }

  bool matches(std::string_view text) const {
    if (!simple_) return pattern_ && pattern_->found_in(text);
    std::string_view name = image_.name;
    if (text.size() < name.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (name[i] != text[i] && name[i] != '.') return false;
    }
    return may_follow_name(text.substr(name.size()));
  }

  std::string changed(std::string_view text) const {
    ImageParts parts = parts_of(text);
    if (!image_.new_name.empty()) parts.name = image_.new_name;
    if (!image_.new_tag.empty() || !image_.digest.empty()) {
      parts.tag = image_.new_tag;
      parts.digest = image_.digest;
    } else if (!image_.tag_suffix.empty()) {
      parts.tag += image_.tag_suffix;
      parts.digest.clear();
    }
    if (!parts.tag.empty()) parts.name += ":" + parts.tag;
    if (!parts.digest.empty()) parts.name += "@" + parts.digest;
    return std::move(parts.name);
  }

 private:
  Image image_;
  bool simple_;
  std::optional<format::Regex> pattern_;
};

// All entries of `images`, found by what they can match: a simple name whose last part has no "." fixes the length and
// the last part of the name in a reference. The others are tried one by one.
class ImageChanges {
 public:
  explicit ImageChanges(std::span<const Image> images) : changes_(images.begin(), images.end()) {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      std::string_view name = changes_[i].name();
      bool keyed = changes_[i].is_simple_name() && last_part(name).find('.') == std::string_view::npos;
      if (keyed)
        by_key_[key(name)].push_back(i);
      else
        others_.push_back(i);
    }
  }

  // Every change in turn, each `times` times.
  void apply(format::Arena& arena, Value& at, std::size_t times) const {
    for (std::size_t from = 0;;) {
      std::string_view text = text_of(&at);
      std::size_t next = first_match(text, from);
      if (next == changes_.size()) return;
      for (std::size_t n = 0; n < times && changes_[next].matches(text_of(&at)); ++n)
        set_text(arena, at, changes_[next].changed(text_of(&at)));
      from = next + 1;
    }
  }

 private:
  static std::string key(std::string_view name) {
    return std::to_string(name.size()) + "/" + std::string(last_part(name));
  }

  std::size_t first_match(std::string_view text, std::size_t from) const {
    std::size_t found = changes_.size();
    auto look = [&](const std::vector<std::size_t>& indices) {
      for (auto i = std::lower_bound(indices.begin(), indices.end(), from); i != indices.end() && *i < found; ++i) {
        if (changes_[*i].matches(text)) found = *i;
      }
    };
    for (std::size_t end = 0; end <= text.size(); ++end) {
      if (end != text.size() && text[end] != ':' && text[end] != '@') continue;
      auto keyed = by_key_.find(key(text.substr(0, end)));
      if (keyed != by_key_.end()) look(keyed->second);
    }
    look(others_);
    return found;
  }

  std::vector<ImageChange> changes_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_key_;
  std::vector<std::size_t> others_;
};

// The images of an object: those of lists called containers and initContainers, wherever they are, and those that the
// field specs name. One in both is there twice, and changed twice, as kustomize does.
class ImageFinder {
 public:
  explicit ImageFinder(std::span<const FieldPath> paths) : paths_(paths) {}

  // Errors: kInvalid for an image that is no text.
  Status find(format::Arena& arena, Value& object) {
    if (text_at(object, "kind") == "CustomResourceDefinition") return {};
    PAWL_TRY(walk(object));
    return apply_all(paths_, arena, object, Create::kNothing, [&](Value& at) { return add(at); });
  }
  // Each with the number of times that it was found.
  const std::vector<std::pair<Value*, std::size_t>>& places() const { return places_; }

 private:
  Status walk(Value& at) {
    for (Value& item : at.items()) PAWL_TRY(walk(item));
    for (Member& member : at.members()) {
      PAWL_TRY(walk(member.value));
      bool holds = member.key == "containers" || member.key == "initContainers";
      if (holds && member.value.is_list()) PAWL_TRY(add_containers(member.value));
    }
    return {};
  }

  Status add_containers(Value& list) {
    for (Value& container : list.items()) {
      if (is_null(container)) continue;
      if (!container.is_map()) return Error(ErrorCode::kInvalid, "a container must be a map");
      if (Value* image = container.find("image")) PAWL_TRY(add(*image));
    }
    return {};
  }

  Status add(Value& at) {
    if (!at.is_scalar()) return Error(ErrorCode::kInvalid, "an image must be text");
    auto known = std::find_if(places_.begin(), places_.end(), [&](const auto& place) { return place.first == &at; });
    if (known == places_.end())
      places_.emplace_back(&at, 1);
    else
      ++known->second;
    return {};
  }

  std::span<const FieldPath> paths_;
  std::vector<std::pair<Value*, std::size_t>> places_;
};

}  // namespace

ItemChange set_images(World& world, std::span<const Image> images, std::span<const FieldSpec> specs) {
  auto changes = std::make_shared<const ImageChanges>(images);
  return [&world, changes, paths = field_paths(specs)](Item& item) -> Status {
    ImageFinder finder(paths);
    PAWL_TRY(finder.find(world.arena, item.object));
    for (const auto& [place, times] : finder.places()) changes->apply(world.arena, *place, times);
    return {};
  };
}

}  // namespace pawl::render

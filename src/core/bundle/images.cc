#include "core/bundle/images.h"

#include <fmt/format.h>

#include <array>
#include <functional>

#include "base/text.h"
#include "core/model/object.h"

namespace pawl::bundle {

using format::Member;
using format::Value;

namespace {

constexpr std::array<std::string_view, 3> kContainerLists = {"containers", "initContainers", "ephemeralContainers"};

// Where custom resources keep images outside containers.
struct DeclaredPath {
  std::string_view group;  // of apiVersion, without the version
  std::string_view kind;
  std::initializer_list<std::string_view> path;
};
const std::array<DeclaredPath, 5> kDeclared = {{{"monitoring.coreos.com", "Prometheus", {"spec", "image"}},
                                                {"monitoring.coreos.com", "PrometheusAgent", {"spec", "image"}},
                                                {"monitoring.coreos.com", "Alertmanager", {"spec", "image"}},
                                                {"monitoring.coreos.com", "ThanosRuler", {"spec", "image"}},
                                                {"postgresql.cnpg.io", "Cluster", {"spec", "imageName"}}}};

// Called for every image: the use, and what replaces the text it stands in.
using Visit = std::function<void(const ImageUse& use, const std::function<void(const std::string&)>& replace)>;

bool has_host_with_dot(std::string_view name) {
  std::size_t slash = name.find('/');
  return slash != std::string_view::npos && name.substr(0, slash).find('.') != std::string_view::npos;
}

// `host.tld/path:tag` or `host.tld/path@sha256:...`: only what cannot be read as anything else.
bool reads_as_image(std::string_view text) {
  if (text.find("://") != std::string_view::npos || !has_host_with_dot(text)) return false;
  Result<format::ImageReference> reference = format::parse_image_reference(text);
  return reference.ok() && (!reference->tag.empty() || reference->digest);
}

class Walker {
 public:
  Walker(format::Arena* arena, const Visit& visit) : arena_(arena), visit_(visit) {}

  void object(Value& root) {
    walk(root, "");
    declared(root);
  }

 private:
  void walk(Value& value, const std::string& path) {
    std::span<Value> items = value.items();
    for (std::size_t i = 0; i < items.size(); ++i) walk(items[i], fmt::format("{}[{}]", path, i));
    for (Member& member : value.members()) {
      std::string below = path.empty() ? std::string(member.key) : fmt::format("{}.{}", path, member.key);
      if (is_container_list(member))
        containers(member.value, below);
      else
        walk(member.value, below);
    }
  }

  static bool is_container_list(const Member& member) {
    bool named = false;
    for (std::string_view name : kContainerLists) named |= member.key == name;
    if (!named || !member.value.is_list()) return false;
    for (const Value& item : member.value.items()) {
      if (!item.is_map()) return false;
    }
    return true;
  }

  void containers(Value& list, const std::string& path) {
    for (Value& container : list.items()) {
      std::string name(container.string_at("name"));
      std::string place = fmt::format("{}[{}]", path, name);
      if (Value* image = container.find("image"); image != nullptr && image->is_string())
        whole(*image, place + ".image", name);
      if (Value* env = container.find("env")) environment(*env, place, name);
      for (std::string_view key : {"args", "command"}) {
        if (Value* list_value = container.find(key)) arguments(*list_value, fmt::format("{}.{}", place, key), name);
      }
    }
  }

  void whole(Value& text, const std::string& field, const std::string& container) {
    if (text.as_string().empty()) return;
    ImageUse use{field, std::string(text.as_string()), container};
    visit_(use, [&](const std::string& replacement) { put(text, replacement); });
  }

  void environment(Value& list, const std::string& place, const std::string& container) {
    for (Value& entry : list.items()) {
      Value* value = entry.find("value");
      if (value != nullptr) text(*value, fmt::format("{}.env[{}].value", place, entry.string_at("name")), container);
    }
  }

  void arguments(Value& list, const std::string& field, const std::string& container) {
    std::span<Value> items = list.items();
    for (std::size_t i = 0; i < items.size(); ++i) text(items[i], fmt::format("{}[{}]", field, i), container);
  }

  // Text that may be an image, or a flag whose value is one.
  void text(Value& value, std::string field, const std::string& container) {
    if (!value.is_string()) return;
    std::string all(value.as_string());
    bool whole_reads = reads_as_image(all);
    std::size_t equals = all.find('=');
    std::string flag = whole_reads || equals == std::string::npos ? "" : all.substr(0, equals + 1);
    std::string rest = all.substr(flag.size());
    bool reads = whole_reads || (!flag.empty() && reads_as_image(rest));
    if (!reads) return;
    visit_({std::move(field), rest, container},
           [&](const std::string& replacement) { put(value, flag + replacement); });
  }

  void declared(Value& root) {
    std::string_view version = root.string_at("apiVersion");
    std::string_view group = version.substr(0, version.find('/'));
    for (const DeclaredPath& declared : kDeclared) {
      if (group != declared.group || root.string_at("kind") != declared.kind) continue;
      Value* at = &root;
      std::string path;
      for (std::string_view key : declared.path) {
        path += (path.empty() ? "" : ".") + std::string(key);
        at = at == nullptr ? nullptr : at->find(key);
      }
      if (at != nullptr && at->is_string()) whole(*at, path, "");
    }
  }

  void put(Value& slot, const std::string& text) {
    check(arena_ != nullptr, "only pinning replaces images");
    slot = Value::string(*arena_, text);
  }

  format::Arena* arena_;
  const Visit& visit_;
};

Diagnostic problem(const Value& object, const std::string& file, const ImageUse& use, std::string_view code,
                   const std::string& what) {
  return {.file = file,
          .at = object.at(),
          .code = std::string(code),
          .summary = fmt::format("{} {}: {}", model::object_id(object).str(), use.field, what),
          .help = "pawl lock"};
}

}  // namespace

std::string lock_key(const format::ImageReference& reference) {
  if (!reference.tag.empty()) return reference.familiar + ":" + reference.tag;
  if (reference.digest) return reference.familiar + "@" + reference.digest->str();
  return reference.familiar + ":latest";
}

std::vector<ImageUse> find_images(const Value& object) {
  std::vector<ImageUse> uses;
  Visit visit = [&](const ImageUse& use, const auto&) { uses.push_back(use); };
  // The walk changes nothing unless a visit replaces, and this one does not.
  Walker(nullptr, visit).object(const_cast<Value&>(object));
  return uses;
}

Pins::Pins(const model::Lock& lock) : lock_(lock) {
  for (const model::LockedSource& source : lock.sources) {
    if (source.kind != "image") continue;
    Result<format::ImageReference> repository = format::parse_image_reference(source.from);
    if (repository) chosen_.emplace(repository->name(), &source);
  }
}

format::ImageReference Pins::meant(format::ImageReference written) const {
  auto found = chosen_.find(written.name());
  if (found == chosen_.end()) return written;
  written.tag = found->second->version;
  written.digest = found->second->digest;
  return written;
}

const model::LockedImage* Pins::find(const format::ImageReference& meant) const {
  return lock_.find_image(lock_key(meant));
}

Status pin_images(format::Arena& arena, Value& object, const Pins& pins, const std::string& file) {
  std::vector<Diagnostic> problems;
  Visit visit = [&](const ImageUse& use, const std::function<void(const std::string&)>& replace) {
    Result<format::ImageReference> reference = format::parse_image_reference(use.text);
    if (!reference) {
      problems.push_back(problem(object, file, use, "image", reference.error().message));
      return;
    }
    *reference = pins.meant(std::move(*reference));
    const model::LockedImage* locked = pins.find(*reference);
    if (locked == nullptr) {
      problems.push_back(
          problem(object, file, use, "unlocked-image", "image " + lock_key(*reference) + " is not in the lock"));
    } else if (reference->digest && *reference->digest != locked->digest) {
      problems.push_back(problem(object, file, use, "image-digest",
                                 "image " + use.text + " has another digest than the lock, " + locked->digest.str()));
    } else {
      replace(format::render_pinned(*reference, locked->digest));
    }
  };
  Walker(&arena, visit).object(object);
  if (!problems.empty()) return invalid_files(std::move(problems));
  return {};
}

}  // namespace pawl::bundle

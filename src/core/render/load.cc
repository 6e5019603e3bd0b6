#include "core/render/load.h"

#include "core/render/scalar.h"

namespace pawl::render {

using format::Value;

namespace {

class Loader {
 public:
  Loader(World& world, std::string_view file) : world_(world), file_(file) {}

  Result<std::vector<Item>> load(const std::vector<Value>& documents) {
    std::vector<Value> queue = documents.size() == 1 && wraps(documents[0]) ? unwrapped(documents[0]) : documents;
    std::vector<Item> out;
    out.reserve(queue.size());
    // What a list holds goes behind everything else of the file, as in kustomize.
    for (std::size_t i = 0; i < queue.size(); ++i) {
      Value object = queue[i];
      if (is_blank(&object) || !check(object)) continue;
      const Value* items = text_at(object, "kind").ends_with("List") ? object.find("items") : nullptr;
      if (items == nullptr)
        out.push_back({.object = object, .file = file_});
      else
        PAWL_TRY(unpack(*items, queue));
    }
    if (!wrong_.empty()) return invalid_files(std::move(wrong_));
    return out;
  }

 private:
  // A v1 List, or the list that functions exchange, alone in its file.
  static bool wraps(const Value& document) {
    std::string_view kind = text_at(document, "kind");
    return (kind == "List" || kind == "ResourceList") &&
           (document.find("items") != nullptr || document.find("functionConfig") != nullptr);
  }

  static std::vector<Value> unwrapped(const Value& document) {
    const Value* items = document.find("items");
    if (items == nullptr) return {};
    return {items->items().begin(), items->items().end()};
  }

  bool check(const Value& object) {
    std::string_view kind = text_at(object, "kind");
    const Value* metadata = object.find("metadata");
    bool named = metadata != nullptr && !text_at(*metadata, "name").empty();
    if (object.is_map() && !kind.empty() && (named || kind.ends_with("List"))) return true;
    std::string what = !object.is_map() ? "a Kubernetes object is a map" : "an object without ";
    if (object.is_map()) what += kind.empty() ? "kind" : "metadata.name";
    wrong_.push_back({.file = std::string(file_), .at = object.at(), .code = "object", .summary = std::move(what)});
    return false;
  }

  Status unpack(const Value& items, std::vector<Value>& queue) {
    if (is_null(items)) return {};
    if (!items.is_list()) {
      wrong_.push_back({.file = std::string(file_), .at = items.at(), .code = "object", .summary = "items is a list"});
      return {};
    }
    for (const Value& item : items.items()) {
      // Through JSON and back: a number loses the form it was written in.
      Value copy = item;
      PAWL_TRY(read_scalars(world_.arena, copy));
      write_scalars(world_.arena, copy);
      queue.push_back(copy);
    }
    return {};
  }

  World& world_;
  std::string_view file_;
  std::vector<Diagnostic> wrong_;
};

}  // namespace

Result<std::vector<Item>> objects_of(World& world, const std::vector<Value>& documents, std::string_view file) {
  return Loader(world, world.arena.copy(file)).load(documents);
}

Result<std::vector<Item>> load_objects(World& world, std::string_view bytes, const std::string& file) {
  PAWL_ASSIGN(std::vector<Value> documents, parse_text(world.arena, bytes, file));
  return objects_of(world, documents, file);
}

}  // namespace pawl::render

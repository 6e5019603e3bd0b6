#include "adapters/files/object_file.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/model/object.h"
#include "format/file_tree.h"
#include "format/yaml.h"

namespace pawl::files {

Result<std::vector<ObjectFile>> split_layer(const ports::LayerBytes& layer) {
  format::Arena arena;
  PAWL_ASSIGN(std::vector<format::Value> documents,
              format::parse_yaml(arena, layer.yaml, {.file = "layer " + layer.name.str()}));
  std::vector<ObjectFile> out;
  std::set<std::string> used;
  for (const format::Value& document : documents) {
    model::ObjectId id = model::object_id(document);
    std::string name = model::file_name(id);
    bool plain = name.find('/') == std::string::npos && format::is_tree_path(name);
    if (!plain) return Error(ErrorCode::kInvalid, "the name of " + escape_terminal(id.str()) + " is not a file name");
    std::string path = layer.name.str() + "/" + name;
    // Kinds of one name in two API groups, and ids that meet once in lower case.
    for (int i = 2; !used.insert(to_lower(path)).second; ++i)
      path = layer.name.str() + "/" + std::to_string(i) + "." + name;
    out.push_back({path, format::render_yaml(document)});
  }
  return out;
}

ReceiptFile receipt_of(const ports::Receipt& receipt, const std::vector<ObjectFile>& files) {
  ReceiptFile out{receipt, {}, {}};
  for (const ObjectFile& file : files) {
    out.order.push_back(file.path);
    out.digests[file.path] = crypto::sha256(file.yaml).str();
  }
  return out;
}

}  // namespace pawl::files

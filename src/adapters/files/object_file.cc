#include "adapters/files/object_file.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/model/object.h"
#include "format/file_tree.h"
#include "format/yaml.h"

namespace pawl::files {

namespace {

constexpr std::size_t kLongestName = 200;  // file systems end at 255 bytes; there must be room for a temporary's suffix

std::string file_name(const model::ObjectId& id) {
  std::string out = to_lower(id.kind) + "." + id.name;
  if (!id.space.empty()) out = id.space + "." + out;
  std::replace(out.begin(), out.end(), ':', '_');
  if (out.size() > kLongestName) out = out.substr(0, kLongestName) + "-" + crypto::sha256(id.str()).hex().substr(0, 12);
  return out + ".yaml";
}

}  // namespace

Result<std::vector<ObjectFile>> split_layer(const ports::LayerBytes& layer) {
  format::Arena arena;
  PAWL_ASSIGN(std::vector<format::Value> documents,
              format::parse_yaml(arena, layer.yaml, {.file = "layer " + layer.name.str()}));
  std::vector<ObjectFile> out;
  std::set<std::string> used;
  for (const format::Value& document : documents) {
    model::ObjectId id = model::object_id(document);
    std::string name = file_name(id);
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

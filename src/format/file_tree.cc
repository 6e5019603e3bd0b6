#include "format/file_tree.h"

#include "base/limits.h"
#include "base/text.h"
#include "format/json.h"

namespace pawl::format {

bool is_tree_path(std::string_view path) {
  if (path.empty() || path.size() > limits::kPathBytes || !is_valid_utf8(path)) return false;
  for (char c : path) {
    bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (control || c == '\\') return false;
  }
  for (std::string_view part : split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

crypto::Digest tree_digest(const FileTree& tree) {
  Arena arena;
  Value list = Value::list();
  for (const TreeFile& file : tree) {
    Value entry = Value::map();
    entry.set(arena, "path", file.path);
    entry.set(arena, "digest", crypto::sha256(file.bytes).str());
    entry.set(arena, "executable", Value::boolean(file.executable));
    list.push_back(arena, entry);
  }
  return crypto::sha256(canonical_json(list).value());
}

}  // namespace pawl::format

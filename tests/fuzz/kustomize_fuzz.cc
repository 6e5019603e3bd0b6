#include <algorithm>
#include <map>

#include "core/render/printed.h"
#include "format/yaml.h"
#include "tests/fuzz/fuzz.h"

// A small tree of files in one text: "-- PATH --" on a line of its own begins a file. "app" is what is built.

namespace pawl {
namespace {

format::FileTree tree_of(std::string_view text) {
  std::map<std::string, std::string> files;
  std::string* current = nullptr;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1);
    std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    std::string_view bare = line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
    bool header = bare.size() > 6 && bare.starts_with("-- ") && bare.ends_with(" --");
    std::string path(header ? bare.substr(3, bare.size() - 6) : std::string_view());
    if (header && format::is_tree_path(path))
      current = &files[path];
    else if (current != nullptr)
      *current += line;
  }
  format::FileTree tree;
  for (auto& [path, bytes] : files) tree.push_back({path, bytes, false});
  return tree;
}

void run(std::string_view text) {
  format::FileTree tree = tree_of(text);
  format::Arena arena;
  render::Files files = render::Files::of(tree);
  Result<std::vector<render::Resource>> built = render::build_kustomization(arena, files, "app");
  if (!built) return;
  std::string printed = render::print(*built).text;
  render::Files fresh = render::Files::of(tree);
  check(render::print(render::build_kustomization(arena, fresh, "app").value()).text == printed,
        "a build is repeatable");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

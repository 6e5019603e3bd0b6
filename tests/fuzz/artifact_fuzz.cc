#include <algorithm>

#include "core/model/artifact.h"
#include "format/tar.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/gzip.h"

namespace pawl {
namespace {

// What a registry has for a layer: an archive of two files, packed or not, or as many bytes as the manifest says.
Result<std::string> layer_of(const model::Descriptor& layer) {
  constexpr std::size_t kMost = 65'536;
  std::string tar = format::write_tar({{"web/Chart.yaml", "name: web\n", false}, {"web/a", "a", true}});
  std::string gzip = testing_support::gzip(tar);
  for (const std::string& archive : {tar, gzip}) {
    if (layer.size == archive.size()) return archive;
  }
  if (layer.size > kMost) return Error(ErrorCode::kInvalid, "larger than a harness gives");
  return std::string(layer.size, 'x');
}

void run(const std::string& manifest) {
  Result<format::FileTree> tree = model::artifact_files(manifest, layer_of);
  if (!tree) return;
  for (const format::TreeFile& file : *tree) check(format::is_tree_path(file.path), "a path stays inside");
  auto same_path = [](const format::TreeFile& a, const format::TreeFile& b) { return a.path >= b.path; };
  check(std::adjacent_find(tree->begin(), tree->end(), same_path) == tree->end(), "paths ascend");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

#include "core/model/chart.h"

#include "base/limits.h"
#include "format/gzip.h"
#include "format/tar.h"

namespace pawl::model {

Result<format::FileTree> unpack_chart(std::string_view archive, const std::string& name) {
  PAWL_ASSIGN_WITHIN(std::string tar, format::gunzip(archive, limits::kChartBytes), "unpacking " + name);
  PAWL_ASSIGN_WITHIN(format::FileTree tree, format::read_tar(tar), "unpacking " + name);
  std::string top = tree.empty() ? "" : tree[0].path.substr(0, tree[0].path.find('/') + 1);
  for (format::TreeFile& file : tree) {
    if (top.empty() || !file.path.starts_with(top))
      return Error(ErrorCode::kInvalid, name + " is no chart: it holds more than one folder");
    file.path.erase(0, top.size());
  }
  return tree;
}

}  // namespace pawl::model

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/file_tree.h"

namespace pawl::model {

// All that rendering a Helm chart may read: what core/render asks for and the port Charts answers.
struct ChartRequest {
  std::string chart;                      // as messages name it: "charts/web"
  format::FileTree files;                 // Chart.yaml at the top; subcharts below charts/, as folders or .tgz
  std::vector<std::string> values;        // YAML documents, later ones over earlier ones
  std::string release;                    // .Release.Name
  std::string space;                      // .Release.Namespace
  std::string kube_version;               // never the program's own
  std::vector<std::string> api_versions;  // beside those that the program knows
  bool crds = true;                       // whether the files of crds/ are wanted too
  bool hooks = true;                      // whether hooks are wanted too; tests never are
};

// The files of a chart that `helm package` packed: an archive holds one folder, whose name is left out. `name` is for
// messages. Errors: as format::gunzip() and format::read_tar(); kInvalid for more than one folder.
Result<format::FileTree> unpack_chart(std::string_view archive, const std::string& name);

}  // namespace pawl::model

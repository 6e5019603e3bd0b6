#pragma once

#include <string>
#include <vector>

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

}  // namespace pawl::model

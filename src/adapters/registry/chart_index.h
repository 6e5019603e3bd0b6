#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"

namespace pawl::registry {

// The index.yaml of a chart repository (helm.sh/docs/topics/chart_repository), as far as one chart goes.
struct IndexedChart {
  std::string version;
  std::vector<std::string> urls;  // absolute, or from the repository on; at least one
  std::string digest;             // hexadecimal SHA-256 of the .tgz; "" where the index says none
};

// Every version of the chart `name`. `file` is for messages. Errors: kInvalid for what is no such index and for an
// entry without version or urls; kNotFound for a chart that is not in it.
Result<std::vector<IndexedChart>> parse_chart_index(std::string text, const std::string& file, const std::string& name);

// The one entry of a version. Errors: kNotFound; kInvalid when two entries of one version are not the same archive.
Result<IndexedChart> find_version(const std::vector<IndexedChart>& charts, const std::string& version,
                                  const std::string& where);

}  // namespace pawl::registry

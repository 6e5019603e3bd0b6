#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/chart.h"
#include "ports/charts.h"

namespace pawl::helm {

// A private folder that is a program's root: work/ holds a chart, its values and a home. Removed by the destructor.
class ChartFolder {
 public:
  // An empty one, below `parent`.
  static Result<ChartFolder> make(const std::string& parent);
  ChartFolder(ChartFolder&& other) noexcept;
  ChartFolder& operator=(ChartFolder&&) = delete;
  ~ChartFolder();

  Status lay_out(const model::ChartRequest& request);

  const std::string& root() const { return root_; }
  // The whole environment of the program; `prefix` is where it sees the folder: "" where the folder is its root.
  std::map<std::string, std::string> environment(const std::string& prefix, ports::Surroundings surroundings) const;

 private:
  explicit ChartFolder(std::string root) : root_(std::move(root)) {}
  std::string root_;
};

// The command line that renders what lay_out() laid out, from within work/.
std::vector<std::string> template_command(const model::ChartRequest& request);

}  // namespace pawl::helm

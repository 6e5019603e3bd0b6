#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/chart.h"
#include "core/model/content.h"
#include "core/model/substitute.h"
#include "core/render/files.h"
#include "core/render/kustomize.h"

namespace pawl::render {

// Renders a chart and returns what helm printed. It adds what the lock says of helm and the cluster.
using Inflate = std::function<Result<std::string>(model::ChartRequest request)>;

struct ChartLayer {
  std::vector<Resource> resources;      // in helm's order
  std::vector<std::string> departures;  // "charts/web/templates/a.yaml:3: lookup: the reason"
  std::string summary;                  // "chart web 1.2.3, release web in namespace shop"
};

// Renders a layer whose input is a chart: reads it and its values, refuses what no release decides unless `allow` lists
// it with a reason, and leaves out tests and the hooks that neither install nor upgrade. Errors: kInvalid with
// diagnostics, kNotFound, and those of `inflate`.
Result<ChartLayer> render_chart(format::Arena& arena, Files& files, const model::Layer& layer,
                                const model::Variables& variables, const Inflate& inflate);

// What helm printed, taken apart at its "# Source:" comments; `name` is the file that a document came from.
struct ChartDocument {
  std::string name;
  std::string text;
};
std::vector<ChartDocument> split_chart_output(std::string_view output);

// Whether an object belongs to what is applied: no hook, or one of install and upgrade and no test.
bool is_applied(const format::Value& object);

}  // namespace pawl::render

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/render/files.h"
#include "core/render/helm_scan.h"
#include "format/value.h"

namespace pawl::render {

// A chart as it lies in the project, packed or not.
struct Chart {
  std::string path;  // as the project names it
  std::string name;  // of its Chart.yaml
  std::string version;
  format::FileTree files;  // Chart.yaml at the top
};

// Reads the chart at `path`: a folder, or a .tgz. Nothing but `files` is read and nothing is resolved: what Chart.yaml
// depends on must lie in its charts/. Errors: kNotFound; kInvalid with diagnostics: no Chart.yaml, names that could be
// paths, dependencies that are missing or stand twice, schemas of values that refer to something else, archives that
// are refused, more than 64 MiB.
Result<Chart> load_chart(Files& files, const std::string& path);

// A use that scan_template() found, with its file as the project names it.
struct ChartUse {
  std::string file;
  TemplateUse use;
  std::string line;  // the line's text
};

// Every such use in the templates of `chart` and of its subcharts; in values (its own and `values`: name and text of
// each document), where a template calls tpl; in the rest of its files, where one also reads .Files.
struct NamedText {
  std::string name;
  std::string text;
};
std::vector<ChartUse> scan_chart(const Chart& chart, const std::vector<NamedText>& values);

}  // namespace pawl::render

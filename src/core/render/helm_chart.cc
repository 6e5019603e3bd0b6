#include "core/render/helm_chart.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "core/model/chart.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::render {

using format::FileTree;
using format::TreeFile;
using format::Value;

namespace {

constexpr int kMostSubcharts = 8;  // levels of charts in charts

bool is_archive(std::string_view path) { return path.ends_with(".tgz") || path.ends_with(".tar.gz"); }

Result<FileTree> read_folder(Files& files, const std::string& path, const std::vector<std::string>& paths) {
  FileTree tree;
  std::size_t total = 0;
  std::size_t prefix = path == "." ? 0 : path.size() + 1;
  for (const std::string& file : paths) {
    PAWL_ASSIGN(std::optional<std::string_view> bytes, files.read(file));
    if (!bytes) continue;
    total += bytes->size();
    if (total > limits::kChartBytes) return Error(ErrorCode::kInvalid, "the chart " + path + " is larger than 64 MiB");
    tree.push_back({file.substr(prefix), std::string(*bytes), false});
  }
  return tree;
}

const TreeFile* find_file(const FileTree& tree, std::string_view path) {
  auto found = std::find_if(tree.begin(), tree.end(), [&](const TreeFile& file) { return file.path == path; });
  return found == tree.end() ? nullptr : &*found;
}

bool is_chart_name(std::string_view name) {
  bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
  return plain && !name.empty() && name.size() <= 250 && name.front() != '.' && name.front() != '-';
}

// What Chart.yaml says, judged; mistakes are noted with their places.
class Metadata {
 public:
  Metadata(const FileTree& tree, const std::string& path) : file_(path + "/Chart.yaml") {
    const TreeFile* chart = find_file(tree, "Chart.yaml");
    if (chart == nullptr) {
      note({}, 1, path + " is no chart: it has no Chart.yaml", "helm create makes one");
      return;
    }
    text_ = chart->bytes;
    Result<format::Document> document = format::parse_yaml_document(text_, {.file = file_});
    if (!document) {
      std::vector<Diagnostic>& found = document.error().diagnostics;
      diagnostics_.insert(diagnostics_.end(), found.begin(), found.end());
      return;
    }
    document_ = std::move(*document);
    read_name("name", name);
    version = document_.root.string_at("version");
  }

  std::string name;
  std::string version;

  void check_dependencies(const std::set<std::string>& subcharts) {
    const Value* list = document_.root.find("dependencies");
    std::set<std::string> names;
    if (list == nullptr) return;
    for (const Value& dependency : list->items()) check_dependency(dependency, subcharts, names);
  }

  std::vector<Diagnostic> take() { return std::move(diagnostics_); }

 private:
  void note(Position at, std::size_t length, std::string summary, std::string help) {
    diagnostics_.push_back({.file = file_,
                            .at = at,
                            .length = static_cast<std::uint32_t>(std::clamp<std::size_t>(length, 1, 200)),
                            .code = "chart",
                            .summary = std::move(summary),
                            .snippet = line_of(text_, at.line),
                            .help = std::move(help)});
  }

  void read_name(std::string_view key, std::string& out) {
    const Value* value = document_.root.find(key);
    out = document_.root.string_at(key);
    if (is_chart_name(out)) return;
    const Value& at = value == nullptr ? document_.root : *value;
    note(at.at(), out.size(), "\"" + escape_terminal(out.substr(0, 80)) + "\" cannot name a chart",
         "use letters, digits, - and _");
  }

  void check_dependency(const Value& dependency, const std::set<std::string>& subcharts, std::set<std::string>& names) {
    std::string wanted(dependency.string_at("name"));
    std::string alias(dependency.string_at("alias"));
    std::string repository(dependency.string_at("repository"));
    if (!is_chart_name(wanted) || (!alias.empty() && !is_chart_name(alias)))
      return note(dependency.at(), 1, "a dependency whose name or alias cannot name a chart", "");
    if (!names.insert(alias.empty() ? wanted : alias).second)
      return note(dependency.at(), 1, "two dependencies are named \"" + (alias.empty() ? wanted : alias) + "\"",
                  "give one of them an alias");
    if (subcharts.contains(wanted)) return;
    std::string from = repository.empty() ? "" : " from " + escape_terminal(repository.substr(0, 120));
    note(dependency.at(), 1, "the chart needs \"" + wanted + "\"" + from + ", and its charts/ does not hold it",
         "nothing is fetched while rendering: helm dependency build, then commit charts/");
  }

  std::string file_;
  std::string text_;
  format::Document document_;
  std::vector<Diagnostic> diagnostics_;
};

// Where a schema of values would make helm read something else than the chart.
class SchemaReferences {
 public:
  SchemaReferences(const TreeFile& schema, const std::string& path)
      : file_(path + "/" + schema.path), text_(schema.bytes) {
    format::Arena arena;
    // What is no JSON is helm's to refuse.
    if (Result<Value> root = format::parse_json(arena, text_); root.ok()) look(*root);
  }

  std::vector<Diagnostic> take() { return std::move(diagnostics_); }

 private:
  static bool leaves(std::string_view key, std::string_view target) {
    if (key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef") return !target.starts_with('#');
    bool known = target.starts_with("http://json-schema.org/") || target.starts_with("https://json-schema.org/");
    return key == "$schema" && !known;
  }

  void look(const Value& value) {
    for (const Value& item : value.items()) look(item);
    for (const format::Member& member : value.members()) {
      std::string_view target = member.value.string_or_empty();
      if (member.value.is_string() && leaves(member.key, target)) note(member.key, target);
      look(member.value);
    }
  }

  void note(std::string_view key, std::string_view target) {
    Position at = place_of(target);
    diagnostics_.push_back(
        {.file = file_,
         .at = at,
         .length = static_cast<std::uint32_t>(std::clamp<std::size_t>(target.size(), 1, 200)),
         .code = "chart",
         .summary = std::string(key) + " \"" + escape_terminal(target.substr(0, 120)) + "\" leaves the schema",
         .snippet = line_of(text_, at.line),
         .help = "nothing else is read while rendering: put it under definitions, as #/definitions/NAME"});
  }

  // The first place of `target`; unknown where it was written with escapes.
  Position place_of(std::string_view target) const {
    std::size_t found = text_.find("\"" + std::string(target) + "\"");
    if (found == std::string::npos) return {};
    std::size_t line_start = text_.rfind('\n', found) + 1;  // npos + 1 is 0
    auto line = static_cast<std::uint32_t>(
        1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(found), '\n'));
    return {line, static_cast<std::uint32_t>(found - line_start + 1)};
  }

  std::string file_;
  const std::string& text_;
  std::vector<Diagnostic> diagnostics_;
};

// The charts directly in `tree`'s charts/, folders and archives alike.
struct Subchart {
  std::string path;  // of the folder or the archive, from the parent
  FileTree files;
};

Result<std::vector<Subchart>> subcharts_of(const FileTree& tree, const std::string& path) {
  constexpr std::string_view kCharts = "charts/";
  std::vector<Subchart> out;
  for (const TreeFile& file : tree) {
    if (!file.path.starts_with(kCharts)) continue;
    std::size_t slash = file.path.find('/', kCharts.size());
    std::string own = file.path.substr(0, slash);
    char first = own.size() > kCharts.size() ? own[kCharts.size()] : '.';
    if (first == '.' || first == '_') continue;  // as helm does
    if (slash == std::string::npos) {
      if (!is_archive(own)) continue;
      PAWL_ASSIGN(FileTree files, model::unpack_chart(file.bytes, path + "/" + own));
      out.push_back({own, std::move(files)});
      continue;
    }
    if (out.empty() || out.back().path != own) out.push_back({own, {}});
    out.back().files.push_back({file.path.substr(slash + 1), file.bytes, false});
  }
  std::erase_if(out, [](const Subchart& chart) { return find_file(chart.files, "Chart.yaml") == nullptr; });
  return out;
}

// Judges a chart and its subcharts; returns the first's metadata.
Result<Metadata> check_chart(const FileTree& tree, const std::string& path, int depth, std::vector<Diagnostic>& out) {
  if (depth > kMostSubcharts) return Error(ErrorCode::kInvalid, path + ": charts in charts, more than 8 deep");
  Metadata metadata(tree, path);
  PAWL_ASSIGN(std::vector<Subchart> subcharts, subcharts_of(tree, path));
  std::set<std::string> names;
  for (const Subchart& subchart : subcharts) {
    PAWL_ASSIGN(Metadata sub, check_chart(subchart.files, path + "/" + subchart.path, depth + 1, out));
    names.insert(sub.name);
  }
  metadata.check_dependencies(names);
  if (const TreeFile* schema = find_file(tree, "values.schema.json")) {
    for (Diagnostic& diagnostic : SchemaReferences(*schema, path).take()) out.push_back(std::move(diagnostic));
  }
  for (Diagnostic& diagnostic : metadata.take()) out.push_back(std::move(diagnostic));
  return metadata;
}

}  // namespace

Result<Chart> load_chart(Files& files, const std::string& given) {
  PAWL_ASSIGN(std::string path, resolve_path(".", given));
  Chart chart{.path = path, .name = {}, .version = {}, .files = {}};
  PAWL_ASSIGN(std::optional<std::vector<std::string>> paths, files.list(path));
  if (paths) {
    PAWL_ASSIGN(chart.files, read_folder(files, path, *paths));
  } else {
    std::optional<std::string_view> bytes;
    if (is_archive(path)) {
      PAWL_ASSIGN(bytes, files.read(path));
    }
    if (!bytes)
      return Error(ErrorCode::kNotFound, "there is no chart " + path,
                   "a chart is a folder with a Chart.yaml, or a .tgz");
    PAWL_ASSIGN(chart.files, model::unpack_chart(*bytes, path));
  }
  std::vector<Diagnostic> diagnostics;
  PAWL_ASSIGN(Metadata metadata, check_chart(chart.files, path, 0, diagnostics));
  if (!diagnostics.empty()) return invalid_files(std::move(diagnostics));
  chart.name = metadata.name;
  chart.version = metadata.version;
  return chart;
}

namespace {

// Looks through a chart and its subcharts.
class Scanner {
 public:
  void learn(const FileTree& tree, const std::string& path) {
    for (const TreeFile& file : tree) {
      if (!is_template(file)) continue;
      TemplateTraits traits = traits_of(file.bytes);
      tpl_ |= traits.tpl;
      files_ |= traits.files;
    }
    // What cannot be unpacked was refused when the chart was loaded.
    Result<std::vector<Subchart>> subcharts = subcharts_of(tree, path);
    for (const Subchart& subchart : *subcharts) learn(subchart.files, path + "/" + subchart.path);
  }

  void look(const FileTree& tree, const std::string& path) {
    for (const TreeFile& file : tree) {
      std::string name = path + "/" + file.path;
      bool own = !file.path.starts_with("charts/");
      if (is_template(file))
        look_at(file.bytes, name);
      else if (tpl_ && file.path == "values.yaml")
        look_at_values(file.bytes, name);
      else if (tpl_ && files_ && own && !file.path.ends_with(".md") && !file.path.starts_with("templates/"))
        look_at(file.bytes, name);
    }
    Result<std::vector<Subchart>> subcharts = subcharts_of(tree, path);
    for (const Subchart& subchart : *subcharts) look(subchart.files, path + "/" + subchart.path);
  }

  void look_at_values(const std::string& text, const std::string& name) {
    if (!tpl_) return;
    Result<format::Document> document = format::parse_yaml_document(text, {.file = name});
    if (document) look_at_strings(document->root, text, name);
  }

  std::vector<ChartUse> take() { return std::move(uses_); }

 private:
  // Notes and tests are thrown away; only what they define can reach an object. (A file among the tests that makes
  // something else is left to the comparison of two renderings.)
  static bool is_template(const TreeFile& file) {
    if (!file.path.starts_with("templates/")) return false;
    bool thrown_away = file.path.ends_with("NOTES.txt") || file.path.starts_with("templates/tests/");
    return !thrown_away || traits_of(file.bytes).defines;
  }

  void add(const TemplateUse& use, std::string_view text, const std::string& name) {
    uses_.push_back({name, use, line_of(text, use.at.line)});
  }

  void look_at(std::string_view text, const std::string& name) {
    for (const TemplateUse& use : scan_template(text)) add(use, text, name);
  }

  void look_at_strings(const Value& value, std::string_view text, const std::string& name) {
    if (value.is_string()) {
      for (TemplateUse use : scan_template(value.as_string())) {
        use.at = value.at();
        add(use, text, name);
      }
    }
    for (const Value& item : value.items()) look_at_strings(item, text, name);
    for (const format::Member& member : value.members()) look_at_strings(member.value, text, name);
  }

  bool tpl_ = false;
  bool files_ = false;
  std::vector<ChartUse> uses_;
};

}  // namespace

std::vector<ChartUse> scan_chart(const Chart& chart, const std::vector<NamedText>& values) {
  Scanner scanner;
  scanner.learn(chart.files, chart.path);
  scanner.look(chart.files, chart.path);
  for (const NamedText& document : values) scanner.look_at_values(document.text, document.name);
  return scanner.take();
}

}  // namespace pawl::render

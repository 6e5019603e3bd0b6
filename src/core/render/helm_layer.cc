#include "core/render/helm_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/model/names.h"
#include "core/render/helm_chart.h"
#include "format/glob.h"
#include "format/yaml.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

constexpr std::string_view kProjectFile = "pawl.yaml";

Error at_value(const Value& value, std::string summary, std::string help) {
  std::size_t length = std::max<std::size_t>(1, value.string_or_empty().size());
  return invalid_files({{.file = std::string(kProjectFile),
                         .at = value.at(),
                         .length = static_cast<std::uint32_t>(std::min<std::size_t>(length, 200)),
                         .code = "helm",
                         .summary = std::move(summary),
                         .help = std::move(help)}});
}

// The helm: map of one layer, for one environment.
class Settings {
 public:
  static Result<Settings> of(format::Arena& arena, const model::HelmInput& helm, const model::Variables& variables) {
    Result<Value> fields = model::substitute(arena, helm.fields, variables);
    if (fields) return Settings(*fields);
    for (Diagnostic& diagnostic : fields.error().diagnostics) diagnostic.file = kProjectFile;
    return std::move(fields).error();
  }

  const Value* find(std::string_view key) const { return fields_.find(key); }
  std::string text(std::string_view key) const { return std::string(fields_.string_at(key)); }
  bool flag(std::string_view key) const {
    const Value* value = find(key);
    return value == nullptr || !value->is_bool() || value->as_bool();
  }
  // A string stands for a list of one.
  std::vector<const Value*> list(std::string_view key) const {
    std::vector<const Value*> out;
    const Value* value = find(key);
    if (value == nullptr) return out;
    if (value->is_string()) out.push_back(value);
    for (const Value& item : value->items()) out.push_back(&item);
    return out;
  }

 private:
  explicit Settings(Value fields) : fields_(fields) {}
  Value fields_;
};

// As helm has it: a name of at most 53 characters, so that what is appended still fits.
bool is_release_name(std::string_view name) {
  bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  auto alphanumeric = [](char c) { return c != '-' && c != '.'; };
  return plain && !name.empty() && name.size() <= 53 && alphanumeric(name.front()) && alphanumeric(name.back());
}

Result<std::string> release_name(const Settings& settings, const model::Layer& layer, const Chart& chart) {
  std::string name = settings.text("releaseName");
  if (name.empty()) name = layer.name.empty() ? chart.name : layer.name.str();
  if (is_release_name(name)) return name;
  const Value* at = settings.find("releaseName");
  return at_value(at == nullptr ? Value() : *at,
                  "\"" + escape_terminal(name.substr(0, 80)) + "\" cannot name a release",
                  "use a-z, 0-9, - and ., at most 53 characters");
}

// The namespace that the layer puts its objects into is what templates should be told.
Result<std::string> namespace_of(const Settings& settings, const model::Layer& layer,
                                 const model::Variables& variables) {
  std::string name = settings.text("namespace");
  if (name.empty() && !layer.fields.is_null()) {
    PAWL_ASSIGN(name, model::substitute_text(layer.fields.string_at("namespace"), variables));
  }
  if (name.empty()) name = "default";
  if (model::is_dns_label(name)) return name;
  const Value* at = settings.find("namespace");
  return at_value(at == nullptr ? Value() : *at,
                  "\"" + escape_terminal(name.substr(0, 80)) + "\" cannot be a namespace", "");
}

Result<std::vector<NamedText>> values_of(const Settings& settings, Files& files) {
  std::vector<NamedText> out;
  for (const Value* path : settings.list("valuesFiles")) {
    std::string name(path->string_or_empty());
    PAWL_ASSIGN(std::optional<std::string_view> bytes, files.read(name));
    if (!bytes) return at_value(*path, "there is no file " + name, "paths are relative to pawl.yaml");
    out.push_back({name, std::string(*bytes)});
  }
  const Value* own = settings.find("values");
  if (own == nullptr) return out;
  if (!own->is_map()) return at_value(*own, "values are no map", "");
  out.push_back({std::string(kProjectFile), format::render_yaml(*own)});
  return out;
}

// The reason that `allow` gives for a use, by its name or a pattern ("rand*"); "" where it gives none.
std::string reason_for(const Settings& settings, const std::string& name) {
  const Value* allow = settings.find("allow");
  if (allow == nullptr) return {};
  for (const Member& member : allow->members()) {
    if (format::glob_match(member.key, name)) return std::string(member.value.string_or_empty());
  }
  return {};
}

// Refuses uses that nobody gave a reason for; returns the others, as departures.
Result<std::vector<std::string>> judge(const std::vector<ChartUse>& uses, const Settings& settings) {
  std::vector<std::string> departures;
  std::vector<Diagnostic> refused;
  for (const ChartUse& use : uses) {
    std::string reason = reason_for(settings, use.use.name);
    if (!reason.empty()) {
      departures.push_back(fmt::format("{}:{}: {}: {}", use.file, use.use.at.line, use.use.name, reason));
      continue;
    }
    refused.push_back({.file = use.file,
                       .at = use.use.at,
                       .length = static_cast<std::uint32_t>(use.use.name.size()),
                       .code = "chart-undecided",
                       .summary = "the template asks for " + use.use.name + ", which no release decides",
                       .snippet = use.line,
                       .help = "if it is harmless here, say why: helm: { allow: { " + use.use.name + ": REASON } }"});
  }
  if (!refused.empty()) return invalid_files(std::move(refused));
  return departures;
}

// Where a document came from, as the project names it: "web/templates/a.yaml" of the chart charts/web.
std::string name_in_project(const std::string& source, const Chart& chart) {
  std::size_t slash = source.find('/');
  std::string inner = slash == std::string::npos ? "templates" : source.substr(slash + 1);
  std::string path = chart.path == "." ? inner : chart.path + "/" + inner;
  return format::is_tree_path(path) ? path : "templates";
}

Result<std::vector<Resource>> read_output(format::Arena& arena, std::string_view output, const Chart& chart) {
  std::vector<Resource> out;
  for (ChartDocument& document : split_chart_output(output)) {
    std::string name = name_in_project(document.name, chart);
    format::FileTree one = {{name, std::move(document.text), false}};
    Files view = Files::of(one);
    PAWL_ASSIGN_WITHIN(std::vector<Resource> resources, load_manifests(arena, view, name),
                       "reading what the chart " + chart.path + " rendered to");
    for (Resource& resource : resources) {
      if (is_applied(resource.object)) out.push_back(std::move(resource));
    }
  }
  return out;
}

Error without_program(Error error, const model::HelmInput& helm, const Chart& chart) {
  if (error.code != ErrorCode::kNotFound) return error;
  Error out = invalid_files({{.file = std::string(kProjectFile),
                              .at = helm.at,
                              .code = "helm",
                              .summary = "the chart " + chart.path + " needs helm: " + error.message,
                              .help = error.hint}});
  out.code = ErrorCode::kNotFound;
  return out;
}

}  // namespace

Result<ChartLayer> render_chart(format::Arena& arena, Files& files, const model::Layer& layer,
                                const model::Variables& variables, const Inflate& inflate) {
  const auto& helm = std::get<model::HelmInput>(layer.input);
  PAWL_ASSIGN(Settings settings, Settings::of(arena, helm, variables));
  PAWL_ASSIGN(Chart chart, load_chart(files, settings.text("chart")));
  PAWL_ASSIGN(std::vector<NamedText> values, values_of(settings, files));
  ChartLayer out;
  PAWL_ASSIGN(out.departures, judge(scan_chart(chart, values), settings));
  model::ChartRequest request{.chart = chart.path, .files = std::move(chart.files)};
  for (NamedText& document : values) request.values.push_back(std::move(document.text));
  PAWL_ASSIGN(request.release, release_name(settings, layer, chart));
  PAWL_ASSIGN(request.space, namespace_of(settings, layer, variables));
  request.crds = settings.flag("crds");
  request.hooks = settings.flag("hooks");
  out.summary =
      fmt::format("chart {} {}, release {} in namespace {}", chart.name, chart.version, request.release, request.space);
  Result<std::string> output = inflate(std::move(request));
  if (!output) return without_program(std::move(output).error(), helm, chart);
  PAWL_ASSIGN(out.resources, read_output(arena, *output, chart));
  return out;
}

std::vector<ChartDocument> split_chart_output(std::string_view output) {
  constexpr std::string_view kSource = "# Source: ";
  std::vector<ChartDocument> out;
  bool after_marker = false;
  for (std::string_view rest = output; !rest.empty();) {
    std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    bool starts = after_marker && line.starts_with(kSource);
    after_marker = trim(line) == "---" && line.starts_with("---");
    if (starts)
      out.push_back({std::string(trim(line.substr(kSource.size()))), {}});
    else if (!out.empty())
      out.back().text += line;
    else if (!after_marker)
      out.push_back({"", std::string(line)});
  }
  return out;
}

bool is_applied(const Value& object) {
  static constexpr std::array<std::string_view, 5> kApplied = {"crd-install", "pre-install", "post-install",
                                                               "pre-upgrade", "post-upgrade"};
  const Value* annotations = object.at_path({"metadata", "annotations"});
  std::string_view hook = annotations == nullptr ? std::string_view() : annotations->string_at("helm.sh/hook");
  if (hook.empty()) return true;
  bool applied = false;
  for (std::string_view word : split(hook, ',')) {
    std::string event = to_lower(trim(word));
    if (event.starts_with("test")) return false;
    applied |= std::find(kApplied.begin(), kApplied.end(), event) != kApplied.end();
  }
  return applied;
}

}  // namespace pawl::render

#include "core/model/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <list>

#include "base/text.h"
#include "core/model/parse.h"
#include "format/yaml.h"

namespace pawl::model {

namespace {

using format::Member;
using format::Value;

struct OpenFile {
  Value root;
  FieldReader reader;
  std::string kind;
};

void refuse_unknown(FieldReader& reader, const Value& map, std::span<const std::string_view> known,
                    std::string_view where, std::string_view help) {
  for (const Member& member : map.members()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    std::string near = nearest(member.key, known);
    reader.error(member.key_at, member.key.size(), "unknown-field",
                 fmt::format("unknown field \"{}\"{}", member.key.substr(0, 80), where),
                 near.empty() ? "" : fmt::format("did you mean \"{}\"?", near), std::string(help));
  }
}

// The envelope of every kind: apiVersion, kind, metadata.name, spec.
void check_envelope(OpenFile& file) {
  FieldReader& reader = file.reader;
  static constexpr std::array<std::string_view, 4> kFields = {"apiVersion", "kind", "metadata", "spec"};
  static constexpr std::array<std::string_view, 1> kMetadata = {"name"};
  refuse_unknown(reader, file.root, kFields, "", "a project file has apiVersion, kind, metadata and spec");
  if (const Value* metadata = file.root.find("metadata")) {
    refuse_unknown(reader, *metadata, kMetadata, " in metadata", "metadata has a name and nothing else");
  }
  const Value* version = file.root.find("apiVersion");
  if (version == nullptr || version->string_or_empty() != kApiVersion) {
    reader.error(version == nullptr ? file.root : *version, "api-version",
                 fmt::format("apiVersion must be {}", kApiVersion));
  }
  const Value* kind = file.root.find("kind");
  file.kind = kind == nullptr ? "" : kind->string_or_empty();
  if (file.kind != "Project" && file.kind != "Environment") {
    reader.error(kind == nullptr ? file.root : *kind, "kind", "kind must be Project or Environment");
  }
}

std::string metadata_name(OpenFile& file) {
  const Value* metadata = file.root.find("metadata");
  const Value* name = metadata == nullptr ? nullptr : metadata->find("name");
  std::string text(name == nullptr ? std::string_view() : name->string_or_empty());
  if (!is_dns_label(text)) {
    const Value& at = name != nullptr ? *name : metadata != nullptr ? *metadata : file.root;
    file.reader.error(at, "name",
                      text.empty() ? "metadata.name is missing"
                                   : fmt::format("\"{}\" cannot be a name", escape_terminal(text.substr(0, 80))),
                      "use a-z, 0-9 and -, at most 63 characters");
  }
  return text;
}

const Value* spec_of(OpenFile& file) {
  const Value* spec = file.root.find("spec");
  if (spec == nullptr || !spec->is_map()) {
    file.reader.error(spec == nullptr ? file.root : *spec, "spec", "spec must be a map");
    return nullptr;
  }
  return spec;
}

void parse_project_spec(OpenFile& file, const Value& spec_value, const ReadReferenced& read, Draft& draft) {
  FieldReader& reader = file.reader;
  Node spec{&spec_value, "", ""};
  if (!reader.open(spec)) return;
  Content& content = draft.content;
  if (const Value* schema = spec.value->find("parameterSchema"); schema != nullptr && schema->is_map())
    content.parameter_schema = schema->clone(*content.arena);
  if (const Value* parameters = spec.value->find("parameters")) {
    if (parameters->is_map()) content.parameters = parameters->clone(*content.arena);
  }
  static constexpr std::array<std::string_view, 5> kSources = {"image", "oci", "git", "helm", "files"};
  content.sources = parse_sources(reader, spec, "sources", kSources);
  parse_layers(reader, spec, content);
  parse_kubernetes(reader, spec, content);
  const Value* defaults = spec.value->find("defaults");
  if (defaults != nullptr && !reader.open({defaults, "defaults", "defaults"}, {"name", "target"})) defaults = nullptr;
  for (const Node& environment : reader.maps(spec, "environments")) {
    parse_environment(reader, {environment.value, environment.where, "environments"}, defaults, draft);
  }
  parse_people(reader, spec, read, draft.configuration);
  parse_policies(reader, spec, draft);
}

void forget_positions(Value& value) {
  value.set_at({});
  for (Value& item : value.items()) forget_positions(item);
  for (Member& member : value.members()) {
    member.key_at = {};
    forget_positions(member.value);
  }
}

// A file of kind Environment reads as an entry of `environments` whose name is metadata.name.
void parse_environment_file(OpenFile& file, const Value& spec, const Value* defaults, Draft& draft) {
  format::Arena& arena = *draft.content.arena;
  Value named = spec.clone(arena);
  if (const Value* name = spec.find("name")) {
    file.reader.error(*name, "unknown-field", "unknown field \"name\" in spec", "metadata.name names the environment");
  }
  const Value* name = file.root.at_path({"metadata", "name"});
  std::string text = metadata_name(file);
  named.set(arena, "name", text).set_at(name == nullptr ? file.root.at() : name->at());
  // `defaults` stand in another file: what is wrong there is pointed out at the environment here.
  Value base = defaults == nullptr ? Value::null() : defaults->clone(arena);
  forget_positions(base);
  parse_environment(file.reader, {&named, "spec", "environments"}, defaults == nullptr ? nullptr : &base, draft);
}

void collect(std::list<OpenFile>& files, std::vector<Diagnostic>& errors, std::vector<Diagnostic>& warnings) {
  for (OpenFile& file : files) {
    for (Diagnostic& diagnostic : file.reader.take()) {
      (diagnostic.severity == Severity::kError ? errors : warnings).push_back(std::move(diagnostic));
    }
  }
}

struct Opened {
  std::list<OpenFile> files;
  std::vector<Diagnostic> errors;
};

Opened open_files(std::span<const ProjectFile> given, format::Arena& arena) {
  Opened out;
  for (const ProjectFile& file : given) {
    auto documents =
        format::parse_yaml(arena, file.bytes, {.schema = format::YamlSchema::kStrict12, .file = file.path});
    if (!documents) {
      out.errors.insert(out.errors.end(), documents.error().diagnostics.begin(), documents.error().diagnostics.end());
      continue;
    }
    for (const Value& root : *documents) {
      out.files.push_back({root, FieldReader(file.path, file.bytes), {}});
      if (root.is_map())
        check_envelope(out.files.back());
      else
        out.files.back().reader.error(root, "type", "a project file is a map");
    }
  }
  return out;
}

}  // namespace

Result<Project> parse_project(std::span<const ProjectFile> given, const ReadReferenced& read) {
  Draft draft;
  draft.content.arena = std::make_shared<format::Arena>();
  Opened opened = open_files(given, *draft.content.arena);
  OpenFile* main = nullptr;
  for (OpenFile& file : opened.files) {
    if (file.kind != "Project") continue;
    if (main != nullptr)
      file.reader.error(file.root, "twice", "a second document of kind Project");
    else
      main = &file;
  }
  const Value* spec = main == nullptr ? nullptr : spec_of(*main);
  if (spec != nullptr) {
    draft.content.project = ProjectName(metadata_name(*main));
    draft.configuration.project = draft.content.project;
    parse_project_spec(*main, *spec, read, draft);
    for (OpenFile& file : opened.files) {
      const Value* own = file.kind == "Environment" ? spec_of(file) : nullptr;
      if (own != nullptr) parse_environment_file(file, *own, spec->find("defaults"), draft);
    }
    if (draft.read.empty()) {
      main->reader.error(*spec, "environments", "a project has at least one environment", "pawl explain environments");
    }
    lint_layers(main->reader, draft.content, *spec);
    lint_parameters(main->reader, draft, *spec);
    lint_pipeline(draft);
    lint_targets(draft);
    lint_evidence(draft);
    lint_people(main->reader, draft, *spec);
    lint_policies(main->reader, draft, *spec);
  } else if (main == nullptr && opened.errors.empty() && !opened.files.empty()) {
    opened.files.front().reader.error(opened.files.front().root, "kind", "there is no document of kind Project");
  }
  Project project;
  collect(opened.files, opened.errors, project.warnings);
  if (!opened.errors.empty() || main == nullptr) {
    opened.errors.insert(opened.errors.end(), project.warnings.begin(), project.warnings.end());
    return invalid_files(std::move(opened.errors));
  }
  project.content = std::move(draft.content);
  project.configuration = std::move(draft.configuration);
  project.policy_sources = std::move(draft.policy_sources);
  return project;
}

}  // namespace pawl::model

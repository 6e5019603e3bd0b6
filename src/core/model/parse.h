#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/field_reader.h"
#include "core/model/project.h"
#include "core/model/substitute.h"

// The parts of parse_project, one file a part. Only core/model includes this.

namespace pawl::model {

// Everything that is read of one project, before it is judged as a whole (lint.cc).
struct Draft {
  Content content;
  Configuration configuration;
  std::vector<Source> policy_sources;
  // For every environment of `configuration`: its fields with `defaults` under them, and who notes what is wrong there.
  struct Read {
    FieldReader* reader;
    format::Value fields;
  };
  std::vector<Read> read;
};

void parse_layers(FieldReader& reader, const Node& spec, Content& content);
void parse_kubernetes(FieldReader& reader, const Node& spec, Content& content);
// The sources under `field`, of these kinds, sorted by name.
std::vector<Source> parse_sources(FieldReader& reader, const Node& spec, std::string_view field,
                                  std::span<const std::string_view> kinds);
void parse_policies(FieldReader& reader, const Node& spec, Draft& draft);
void parse_people(FieldReader& reader, const Node& spec, const ReadReferenced& read, Configuration& configuration);

// Reads one environment, `defaults` merged under it. Its parameters go into the content, all else into the
// configuration.
void parse_environment(FieldReader& reader, const Node& node, const format::Value* defaults, Draft& draft);

// One gate of its kind. Notes a condition that does not compile.
EvidenceGate parse_evidence(FieldReader& reader, const Node& node);

ExternalGate parse_external(FieldReader& reader, const Node& node);

// `path` in its plain form (no "./", no "/" at the end), relative to pawl.yaml and inside of its folder, variables
// allowed; "" and a note when it is no such path.
std::string checked_path(FieldReader& reader, const format::Value& value, const std::string& path,
                         const std::string& where, bool may_be_absolute = false);

// What only the whole can tell. `reader` and `spec` are those of kind Project; each environment has its own.
void lint_layers(FieldReader& reader, const Content& content, const format::Value& spec);
void lint_parameters(FieldReader& reader, const Draft& draft, const format::Value& spec);
void lint_pipeline(const Draft& draft);
void lint_targets(const Draft& draft);
void lint_evidence(const Draft& draft);
void lint_people(FieldReader& reader, const Draft& draft, const format::Value& spec);
void lint_policies(FieldReader& reader, const Draft& draft, const format::Value& spec);

// Whether there is a person of that name.
bool is_person(const Configuration& all, const std::string& name);
// The people that names of groups and persons stand for; any other name stands for itself.
std::set<std::string> people_named(const Configuration& all, const std::vector<std::string>& names);

// The string `text` below `value`, or `value` itself when there is none: where to point.
const format::Value& find_text(const format::Value& value, std::string_view text);

}  // namespace pawl::model

#pragma once

#include <map>
#include <string>

#include "core/model/field_reader.h"
#include "core/model/project.h"
#include "core/model/substitute.h"

// The parts of parse_project, one file a part. Only core/model includes this.

namespace pawl::model {

// Everything that is read of one project, before it is judged as a whole (lint.cc).
struct Draft {
  Content content;
  Configuration configuration;
};

void parse_layers(FieldReader& reader, const Node& spec, Content& content);
void parse_sources(FieldReader& reader, const Node& spec, Content& content);
void parse_people(FieldReader& reader, const Node& spec, const ReadReferenced& read, Configuration& configuration);
Allow parse_allow(FieldReader& reader, const Node& node);

// Reads one environment, `defaults` merged under it. Its parameters go into the content, all else into the configuration.
void parse_environment(FieldReader& reader, const Node& node, const format::Value* defaults, Draft& draft);

// A name that becomes part of paths and keys.
std::string checked_name(FieldReader& reader, const Node& node, std::string_view field);
// A path relative to pawl.yaml that stays beside it; variables are allowed.
std::string checked_path(FieldReader& reader, const format::Value& value, std::string path, const std::string& where);

// What only the whole can tell: cycles, unknown names, two environments with one target, quorums out of reach.
// Each file's reader notes what stands in it.
using EnvironmentReaders = std::map<std::string, FieldReader*>;
void lint(FieldReader& reader, const EnvironmentReaders& readers, const Draft& draft, const format::Value& spec);

}  // namespace pawl::model

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/model/parameter_schema.h"
#include "core/model/parse.h"

namespace pawl::model {

namespace {

using format::Member;
using format::Value;

void note(FieldReader& reader, const SchemaProblem& problem) {
  reader.error(problem.at, problem.length, "parameter", problem.summary, problem.suggestion, problem.help);
}

// The names and values of one place (the project, or an environment) on their own.
void check_values(FieldReader& reader, const Value& values, const Value& schemas, const std::string& where) {
  std::vector<std::string_view> known;
  for (const Member& schema : schemas.members()) known.push_back(schema.key);
  for (const Member& member : values.members()) {
    std::string at = where + "." + std::string(member.key);
    if (const Value* schema = schemas.find(member.key)) {
      for (const SchemaProblem& problem : violations(member.value, *schema, at)) note(reader, problem);
      continue;
    }
    std::string near = nearest(member.key, known);
    reader.error(member.key_at, member.key.size(), "unknown-parameter",
                 fmt::format("{} is not in parameterSchema", at.substr(0, 120)),
                 near.empty() ? "" : fmt::format("did you mean \"{}\"?", near), "declare it there, {} takes anything");
  }
}

// What has neither a default nor a value would be missing where it is used.
void check_missing(FieldReader& reader, const Environment& environment, const Value& schemas,
                   std::initializer_list<const Value*> set) {
  for (const Member& schema : schemas.members()) {
    bool is_set = std::any_of(set.begin(), set.end(), [&](const Value* values) {
      return values != nullptr && values->find(schema.key) != nullptr;
    });
    if (is_set) continue;
    reader.error(environment.at, 1, "missing-parameter:" + std::string(schema.key),
                 fmt::format("environment {} has no parameter \"{}\"", environment.name.str(), schema.key), {},
                 "set it here or under the project's parameters, or give it a default in parameterSchema");
  }
}

}  // namespace

void lint_parameters(FieldReader& reader, const Draft& draft, const Value& spec) {
  const Value* schemas = spec.find("parameterSchema");
  if (schemas == nullptr || !schemas->is_map()) return;
  for (const SchemaProblem& problem : problems_of_schemas(*schemas)) note(reader, problem);
  check_values(reader, draft.content.parameters, *schemas, "parameters");
  Value defaults = schema_defaults(*draft.content.arena, *schemas);
  for (std::size_t i = 0; i < draft.read.size(); ++i) {
    const Environment& environment = draft.configuration.environments[i];
    FieldReader& own_reader = *draft.read[i].reader;
    const Value* own = draft.read[i].fields.find("parameters");
    own_reader.stand_in(environment.at);
    if (own != nullptr)
      check_values(own_reader, *own, *schemas, "environments." + environment.name.str() + ".parameters");
    check_missing(own_reader, environment, *schemas, {&defaults, &draft.content.parameters, own});
  }
}

}  // namespace pawl::model

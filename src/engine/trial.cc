#include "engine/trial.h"

#include "core/policy/trial.h"
#include "format/yaml.h"

namespace pawl::engine {

Result<format::Document> try_expression(std::string_view expression, std::string yaml, const std::string& file) {
  format::Document given;
  if (!yaml.empty()) {
    PAWL_ASSIGN(given, format::parse_yaml_document(std::move(yaml), {.file = file}));
  }
  format::Document out;
  PAWL_ASSIGN(policy::Trial trial, policy::try_out(*out.arena, expression, given.root));
  out.root = format::Value::map();
  if (trial.error.empty())
    out.root.set(*out.arena, "value", trial.value);
  else
    out.root.set(*out.arena, "error", trial.error);
  out.root.set(*out.arena, "type", trial.type);
  out.root.set(*out.arena, "cost", format::Value::integer(trial.cost));
  return out;
}

}  // namespace pawl::engine

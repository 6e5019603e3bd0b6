#include <memory>

#include "base/text.h"
#include "cli/local_commands.h"
#include "cli/print_parts.h"
#include "cli/session.h"
#include "format/yaml.h"
#include "os/file.h"

// `policy eval`.

namespace pawl::cli {

namespace {

struct EvalRequest {
  std::string expression;
  std::string with;
};

// For people: the value alone, as YAML; an error in the words that a refused object would see.
std::string text_of(const format::Value& found) {
  if (const format::Value* error = found.find("error")) return "error: " + escape_terminal(error->as_string()) + "\n";
  return format::render_yaml(*found.find("value"));
}

// An expression that errs is a no.
int exit_of(const format::Value& found) {
  const format::Value* value = found.find("value");
  bool no = value == nullptr || (value->is_bool() && !value->as_bool());
  return no ? 1 : 0;
}

int evaluate(Session& session, const EvalRequest& request) {
  std::string yaml;
  if (!request.with.empty()) {
    Result<std::string> bytes = os::read_file(session.path_of(request.with));
    if (!bytes) return session.fail(bytes.error());
    yaml = std::move(*bytes);
  }
  Result<format::Document> found = session.host().try_expression(request.expression, std::move(yaml), request.with);
  if (!found) return session.fail(found.error());
  std::string text = text_of(found->root);
  return session.show({.text = text, .names = text, .value = [&](format::Arena&) { return found->root; }},
                      exit_of(found->root));
}

}  // namespace

Command policy_eval_command() {
  auto request = std::make_shared<EvalRequest>();
  Command command{{"policy eval", api::Group::kUnderstand, api::Effect::kLooks,
                   "try an expression (CEL) as a policy would evaluate it; exit 1 where it is false or errs",
                   "pawl policy eval 'object.spec.replicas <= 5' --with deploy/base/web.yaml\npawl policy eval "
                   "'object.spec.replicas <= params.most' --with case.yaml"},
                  {},
                  [request](Session& session) { return evaluate(session, *request); }};
  Binder bind(command.slots);
  bind(request->expression, {.name = "expression", .summary = "the expression", .positional = true, .required = true});
  bind(request->with, {.name = "with",
                       .summary = "a Kubernetes object, bound as `object`; or a map of variables",
                       .names = api::Names::kPath});
  return command;
}

}  // namespace pawl::cli

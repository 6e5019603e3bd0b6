#include <algorithm>
#include <memory>

#include "api/policy_json.h"
#include "base/text.h"
#include "cli/local_commands.h"
#include "cli/print_policy.h"
#include "cli/session.h"
#include "os/file.h"

// `policy test`, `policy check` and `policy explain`.

namespace pawl::cli {

namespace {

template <class Response>
std::function<format::Value(format::Arena&)> value_of(const Response& response) {
  return [&response](format::Arena& arena) { return format::to_value(arena, response); };
}

Status write_report(Session& session, const std::string& path, const std::string& text) {
  if (path.empty()) return {};
  return os::write_file(session.path_of(path), text, {.durable = false});
}

template <class Request, class Response>
Status write_reports(Session& session, const Request& request, const Response& response) {
  PAWL_TRY(write_report(session, request.junit, response.junit));
  return write_report(session, request.sarif, response.sarif);
}

// Rules that were not tried, and cases that are not there, prove nothing.
bool all_good(const api::PolicyTestRequest& request, const api::PolicyTestResponse& response) {
  return response.failed == 0 && response.passed > 0 && response.coverage >= request.coverage_min;
}

std::string names_of_failed(const api::PolicyTestResponse& tests) {
  std::string out;
  for (const api::PolicyCaseView& one : tests.cases) {
    if (!one.passed) out += escape_terminal(one.name) + "\n";
  }
  return out;
}

std::string names_of_objects(const api::PolicyCheckResponse& checked) {
  std::string out;
  for (const api::PolicyFindingView& one : checked.findings) out += escape_terminal(one.object) + "\n";
  return out;
}

int test(Session& session, api::PolicyTestRequest request) {
  if (request.coverage_min > 100)
    return session.fail(Error(ErrorCode::kUsage, "--coverage-min is a percentage, from 0 to 100"));
  if (request.paths.empty()) request.paths = {"."};
  Result<api::PolicyTestResponse> made = session.host().test_policies(session.place().folder, request);
  if (!made) return session.fail(made.error());
  if (Status written = write_reports(session, request, *made); !written) return session.fail(written.error());
  Shown shown{.text = print(*made, session.terminal()),
              .names = LateText([&] { return names_of_failed(*made); }),
              .value = value_of(*made)};
  if (made->coverage < request.coverage_min && !made->cases.empty())
    shown.warnings.push_back("fewer rules were tried both ways than --coverage-min asks for: " +
                             std::to_string(made->coverage) + "% of " + std::to_string(request.coverage_min) + "%");
  return session.show(shown, all_good(request, *made) ? 0 : 1);
}

int check(Session& session, const api::PolicyCheckRequest& request) {
  Result<api::PolicyCheckResponse> made = session.host().check_policies(session.place().folder, request);
  if (!made) return session.fail(made.error());
  if (Status written = write_reports(session, request, *made); !written) return session.fail(written.error());
  Shown shown{.text = print(*made, session.terminal()),
              .names = LateText([&] { return names_of_objects(*made); }),
              .warnings = made->notes,
              .value = value_of(*made)};
  return session.show(shown, made->denied == 0 && made->evaluated > 0 ? 0 : 1);
}

int explain(Session& session, const api::PolicyExplainRequest& request) {
  Result<api::PolicyExplainResponse> made = session.host().explain_policies(session.place().folder, request);
  if (!made) return session.fail(made.error());
  std::string text = request.name.empty() ? print_list(*made) : "";
  std::string names;
  for (const api::PolicyView& one : made->policies) {
    if (!request.name.empty()) text += print_one(one, session.terminal());
    names += escape_terminal(one.name) + "\n";
  }
  return session.show({.text = text, .names = names, .value = value_of(*made)});
}

template <class Request>
void bind_reports(Binder& bind, Request& request) {
  bind(request.junit, {.name = "junit", .summary = "write JUnit XML to this file", .names = api::Names::kPath});
  bind(request.sarif, {.name = "sarif", .summary = "write SARIF 2.1.0 to this file", .names = api::Names::kPath});
}

}  // namespace

Command policy_test_command() {
  auto request = std::make_shared<api::PolicyTestRequest>();
  Command command{{"policy test", api::Group::kUnderstand, api::Effect::kLooks,
                   "run the tests of policies; exit 1 where a case fails, or there is none",
                   "pawl policy test tests/policies\npawl policy test --coverage-min 100 --junit results.xml"},
                  {},
                  [request](Session& session) { return test(session, *request); }};
  Binder bind(command.slots);
  bind(request->paths, {.name = "path",
                        .summary = "files of kind PolicyTest, and folders of them; the current one where none is given",
                        .names = api::Names::kPath,
                        .positional = true});
  bind(request->coverage_min,
       {.name = "coverage-min", .summary = "how many percent of the rules must have been tried both ways"});
  bind_reports(bind, *request);
  return command;
}

Command policy_check_command() {
  auto request = std::make_shared<api::PolicyCheckRequest>();
  Command command{{"policy check", api::Group::kUnderstand, api::Effect::kLooks,
                   "judge manifests by policies; needs no project; exit 1 where one is denied, or nothing is evaluated",
                   "pawl policy check deploy --policies policies\npawl kustomize deploy | pawl policy check - "
                   "--policies library/pod-security-baseline"},
                  {},
                  [request](Session& session) { return check(session, *request); }};
  Binder bind(command.slots);
  bind(request->paths, {.name = "path",
                        .summary = "manifests, and folders of them; - is standard input",
                        .names = api::Names::kPath,
                        .positional = true,
                        .required = true});
  bind(request->policies,
       {.name = "policies",
        .summary = "a file or folder with policies, bindings and params, or library/NAME; more than once",
        .names = api::Names::kPath,
        .required = true});
  bind(request->params,
       {.name = "params",
        .summary = "a file or folder with objects of the policies' paramKind, which those judge by that no binding "
                   "puts in force; more than once",
        .names = api::Names::kPath});
  bind(request->old, {.name = "old",
                      .summary = "what is there already: its objects change or go, the others are new",
                      .names = api::Names::kPath});
  bind_reports(bind, *request);
  return command;
}

Command policy_explain_command() {
  auto request = std::make_shared<api::PolicyExplainRequest>();
  Command command{{"policy explain", api::Group::kUnderstand, api::Effect::kLooks,
                   "list the policies that come with pawl, or say what one is about and how it is bound",
                   "pawl policy explain\npawl policy explain allowed-registries"},
                  {},
                  [request](Session& session) { return explain(session, *request); }};
  Binder bind(command.slots);
  bind(request->name, {.name = "name", .summary = "a policy", .positional = true});
  bind(request->policies, {.name = "policies",
                           .summary = "a file or folder with policies of one's own; more than once",
                           .names = api::Names::kPath});
  return command;
}

}  // namespace pawl::cli

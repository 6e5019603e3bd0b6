#pragma once

#include "api/policy.h"
#include "format/codec.h"

// The JSON of what the verbs on policies answer, as json.h has it of the service's.

namespace pawl::api {

template <class V>
void fields(V& v, PolicyCaseView& x) {
  v("file", x.file);
  v("line", x.line);
  v("name", x.name);
  v("passed", x.passed);
  v("expected", x.expected);
  v("found", x.found);
}
template <class V>
void fields(V& v, UntriedRuleView& x) {
  v("policy", x.policy);
  v("rule", x.rule);
  v("lack", x.lack);
}
template <class V>
void fields(V& v, PolicyTestResponse& x) {
  v("cases", x.cases);
  v("passed", x.passed);
  v("failed", x.failed);
  v("rules", x.rules);
  v("tried", x.tried);
  v("coverage", x.coverage);
  v("untried", x.untried);
}
template <class V>
void fields(V& v, PolicyFindingView& x) {
  v("file", x.file);
  v("line", x.line);
  v("object", x.object);
  v("policy", x.policy);
  v("rule", x.rule);
  v("level", x.level);
  v("message", x.message);
}
template <class V>
void fields(V& v, PolicyCheckResponse& x) {
  v("findings", x.findings);
  v("objects", x.objects);
  v("denied", x.denied);
  v("evaluated", x.evaluated);
  v("policies", x.policies);
  v("notes", x.notes);
}
template <class V>
void fields(V& v, PolicyParameterView& x) {
  v("name", x.name);
  v("type", x.type);
  v("required", x.required);
  v("default", x.standard);
  v("summary", x.summary);
}
template <class V>
void fields(V& v, PolicyRuleView& x) {
  v("expression", x.expression);
  v("message", x.message);
}
template <class V>
void fields(V& v, PolicyView& x) {
  v("name", x.name);
  v("summary", x.summary);
  v("description", x.description);
  v("file", x.file);
  v("parameters", x.parameters);
  v("conditions", x.conditions);
  v("variables", x.variables);
  v("rules", x.rules);
  v("binding", x.binding);
}
template <class V>
void fields(V& v, PolicyExplainResponse& x) {
  v("policies", x.policies);
}

}  // namespace pawl::api

// Judges requests as core/policy does, for tests that compare with an apiserver. Reads from standard input
//   {"policies": [documents], "facts": [objects], "reviews": [requests as in an AdmissionReview]}
// and writes {"refused": [texts]} where the documents cannot be read, else {"verdicts": [...]}. With the argument
// "kinds" it writes the built-in table instead; with "json FILE..." the documents of YAML files.
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>

#include "core/policy/builtin_kinds.h"
#include "core/policy/evaluate.h"
#include "core/policy/read.h"
#include "format/json.h"
#include "format/yaml.h"

namespace {

using pawl::format::Arena;
using pawl::format::Value;
using namespace pawl::policy;  // NOLINT: the module under test

Kind kind_in(const Value& request, std::string_view field) {
  const Value* at = request.find(field);
  return {std::string(at->string_at("group")), std::string(at->string_at("version")),
          std::string(at->string_at("kind"))};
}

Resource resource_in(const Value& request, std::string_view field) {
  const Value* at = request.find(field);
  return {std::string(at->string_at("group")), std::string(at->string_at("version")),
          std::string(at->string_at("resource"))};
}

const Value* object_in(const Value& request, std::string_view field) {
  const Value* found = request.find(field);
  return found == nullptr || found->is_null() ? nullptr : found;
}

Operation operation_of(std::string_view word) {
  for (Operation known : {Operation::kUpdate, Operation::kDelete, Operation::kConnect})
    if (word == name_of(known)) return known;
  return Operation::kCreate;
}

Review review_in(const Value& request) {
  Review made;
  made.operation = operation_of(request.string_at("operation"));
  made.of = {kind_in(request, "requestKind"), resource_in(request, "requestResource"), true};
  made.subresource = request.string_at("subResource");
  made.name = request.string_at("name");
  made.space = request.string_at("namespace");
  made.object = object_in(request, "object");
  made.old_object = object_in(request, "oldObject");
  made.user_info = object_in(request, "userInfo");
  made.options = object_in(request, "options");
  const Value* dry_run = request.find("dryRun");
  made.dry_run = dry_run != nullptr && dry_run->is_bool() && dry_run->as_bool();
  return made;
}

Value texts(Arena& arena, const std::vector<std::string>& lines) {
  Value made = Value::list();
  for (const std::string& line : lines) made.push_back(arena, Value::string(arena, line));
  return made;
}

Value verdict_value(Arena& arena, const Review& review, const Verdict& verdict) {
  Value made = Value::map();
  made.set(arena, "allowed", Value::boolean(verdict.allowed));
  made.set(arena, "message", answer(review, verdict));
  if (const Finding* denial = verdict.denial()) {
    made.set(arena, "reason", name_of(denial->reason));
    made.set(arena, "code", Value::integer(http_status_of(denial->reason)));
  }
  std::vector<std::string> denials;
  for (const Finding& finding : verdict.findings)
    if (finding.denies()) denials.push_back(finding.text());
  made.set(arena, "denials", texts(arena, denials));
  made.set(arena, "warnings", texts(arena, verdict.warnings));
  Value annotations = Value::map();
  for (const auto& [key, value] : verdict.annotations) annotations.set(arena, key, value);
  made.set(arena, "annotations", annotations);
  made.set(arena, "evaluated", Value::integer(static_cast<std::int64_t>(verdict.evaluated)));
  made.set(arena, "cost", Value::integer(static_cast<std::int64_t>(verdict.cost)));
  return made;
}

Value refused(Arena& arena, const pawl::Error& error) {
  std::vector<std::string> lines;
  for (const pawl::Diagnostic& diagnostic : error.diagnostics) lines.push_back(diagnostic.summary);
  Value made = Value::map();
  made.set(arena, "refused", texts(arena, lines));
  return made;
}

Value judge(Arena& arena, const Value& input) {
  pawl::Result<PolicyDocuments> documents = read_documents(input.find("policies")->items());
  if (!documents) return refused(arena, documents.error());
  pawl::Result<PolicySet> policies = PolicySet::make(std::move(documents->policies), std::move(documents->bindings));
  if (!policies) return refused(arena, policies.error());
  Facts facts;
  for (const Value& fact : input.find("facts")->items()) facts.add(fact);
  Evaluator evaluator(*policies, facts);
  Value verdicts = Value::list();
  for (const Value& request : input.find("reviews")->items()) {
    Review review = review_in(request);
    verdicts.push_back(arena, verdict_value(arena, review, evaluator.evaluate(review)));
  }
  Value made = Value::map();
  made.set(arena, "verdicts", verdicts);
  return made;
}

Value kinds(Arena& arena) {
  Value made = Value::list();
  for (const BuiltinKind& kind : builtin_kinds()) {
    std::string row;
    for (std::string_view part : {kind.group, kind.version, kind.kind, kind.plural}) row += std::string(part) + " ";
    made.push_back(arena, Value::string(arena, row + (kind.namespaced ? "true" : "false")));
  }
  return made;
}

// What is no YAML, as templates of charts are, is left out.
Value documents_of(Arena& arena, std::span<char*> files) {
  Value made = Value::list();
  for (const char* name : files) {
    std::ifstream file(name, std::ios::binary);
    pawl::Result<std::vector<Value>> read =
        pawl::format::parse_yaml(arena, std::string{std::istreambuf_iterator<char>(file), {}}, {});
    if (!read) continue;
    for (const Value& document : *read)
      if (document.is_map()) made.push_back(arena, document);
  }
  return made;
}

}  // namespace

int main(int argc, char** argv) {
  Arena arena;
  if (argc > 1 && std::string_view(argv[1]) == "kinds") {
    std::cout << pawl::format::render_json(kinds(arena)) << "\n";
    return 0;
  }
  if (argc > 1 && std::string_view(argv[1]) == "json") {
    std::cout << pawl::format::render_json(documents_of(arena, std::span(argv + 2, argv + argc))) << "\n";
    return 0;
  }
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  pawl::Result<Value> input = pawl::format::parse_json(arena, std::move(text));
  if (!input) {
    std::cerr << input.error().text() << "\n";
    return 2;
  }
  std::cout << pawl::format::render_json(judge(arena, *input)) << "\n";
}

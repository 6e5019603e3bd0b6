#include "core/model/definitions.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "core/model/lock.h"
#include "core/model/test_project.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::model {

void PrintTo(const FieldDefinition& field, std::ostream* out) { *out << field.path; }

namespace {

using format::Value;

// As much of JSON Schema (draft-07) as the project's schema uses; an unknown keyword fails.
class Schema {
 public:
  // What is wrong with `value`, or "".
  static std::string check(const Value& schema, const Value& value, const std::string& where = "") {
    for (const format::Member& keyword : schema.members()) {
      std::string problem = check_keyword(schema, keyword, value, where);
      if (!problem.empty()) return problem;
    }
    return "";
  }

 private:
  static std::string check_keyword(const Value& schema, const format::Member& keyword, const Value& value,
                                   const std::string& where) {
    std::string_view key = keyword.key;
    const Value& body = keyword.value;
    auto fail = [&](bool failed) { return failed ? where + ": " + std::string(key) : ""; };
    if (key == "type") return fail(!has_type(body.as_string(), value));
    if (key == "const") return fail(!equal(body, value));
    if (key == "enum")
      return fail(
          std::none_of(body.items().begin(), body.items().end(), [&](const Value& x) { return equal(x, value); }));
    if (key == "pattern")
      return fail(value.is_string() &&
                  !std::regex_search(std::string(value.as_string()), std::regex(std::string(body.as_string()))));
    if (key == "minProperties") return fail(value.is_map() && value.size() < body.as_uint());
    if (key == "maxProperties") return fail(value.is_map() && value.size() > body.as_uint());
    if (key == "required") return check_required(body, value, where);
    if (key == "properties") return check_properties(body, value, where);
    if (key == "additionalProperties") return check_additional(schema, body, value, where);
    if (key == "items") return check_items(body, value, where);
    if (key == "anyOf" || key == "oneOf")
      return fail(matches(body, value) == 0 || (key == "oneOf" && matches(body, value) != 1));
    bool silent = key == "description" || key == "default" || key == "$schema" || key == "title" || key == "examples";
    return silent ? "" : "unknown keyword " + std::string(key);
  }

  static bool has_type(std::string_view type, const Value& value) {
    if (type == "object") return value.is_map();
    if (type == "array") return value.is_list();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int();
    if (type == "boolean") return value.is_bool();
    return false;
  }
  static std::string check_required(const Value& names, const Value& value, const std::string& where) {
    for (const Value& name : names.items()) {
      if (value.is_map() && value.find(name.as_string()) == nullptr)
        return where + ": no " + std::string(name.as_string());
    }
    return "";
  }
  static std::string check_properties(const Value& properties, const Value& value, const std::string& where) {
    for (const format::Member& property : properties.members()) {
      if (const Value* found = value.find(property.key)) {
        std::string problem = check(property.value, *found, where + "." + std::string(property.key));
        if (!problem.empty()) return problem;
      }
    }
    return "";
  }
  static std::string check_additional(const Value& schema, const Value& body, const Value& value,
                                      const std::string& where) {
    const Value* properties = schema.find("properties");
    for (const format::Member& member : value.members()) {
      if (properties != nullptr && properties->find(member.key) != nullptr) continue;
      if (body.is_bool()) return where + ": unknown " + std::string(member.key);
      std::string problem = check(body, member.value, where + "." + std::string(member.key));
      if (!problem.empty()) return problem;
    }
    return "";
  }
  static std::string check_items(const Value& body, const Value& value, const std::string& where) {
    for (const Value& item : value.items()) {
      std::string problem = check(body, item, where + "[]");
      if (!problem.empty()) return problem;
    }
    return "";
  }
  static std::size_t matches(const Value& schemas, const Value& value) {
    std::size_t count = 0;
    for (const Value& schema : schemas.items()) count += check(schema, value).empty() ? 1u : 0u;
    return count;
  }
};

const format::Document& schema() {
  static const format::Document parsed = format::parse_json_document(project_schema()).value();
  return parsed;
}

bool schema_takes(const std::string& text) {
  Result<format::Document> parsed =
      format::parse_yaml_document(text, {.schema = format::YamlSchema::kStrict12, .file = {}});
  return parsed.ok() && Schema::check(schema().root, parsed->root).empty();
}

std::string canonical(const Project& project) {
  format::Arena arena;
  std::string sources;
  for (const Source& source : project.policy_sources) {
    const auto* git = std::get_if<GitSource>(&source.from);
    sources += source.name + " " + place_of(source) + " " + requested_of(source) + " " + (git ? git->path : "") + "\n";
  }
  return format::canonical_json(encode(project.content, arena)).value() +
         format::canonical_json(encode(project.configuration, arena)).value() + sources;
}

// A project in which a field of the table stands, and next to it what it needs. `field` is "" to leave it out.
struct Bench {
  std::string_view prefix;  // fields directly below this
  const char* text;         // a spec; FIELD is replaced by the field, or by nothing
};
constexpr const char* kRest = "  people: { ada: keys/ada.pub, grace: keys/grace.pub, alan: keys/alan.pub }\n";
const Bench kBenches[] = {
    {"sources",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d } }]\n  sources: { "
     "app: { NEEDED FIELD } }\n"},
    {"layers",
     "  layers: [{ NEEDED FIELD }, { name: shared, manifests: b }]\n  environments: [{ name: dev, target: { directory: "
     "d "
     "} }]\n"},
    {"layers.split",
     "  layers: [{ manifests: m, split: [{ NEEDED FIELD }, { name: rest }] }]\n  environments: [{ name: dev, target: { "
     "directory: d } }]\n"},
    {"layers.split.select",
     "  layers: [{ manifests: m, split: [{ name: a, select: { NEEDED FIELD } }, { name: rest }] }]\n  environments: [{ "
     "name: dev, target: { directory: d } }]\n"},
    {"layers.helm",
     "  layers: [{ name: a, helm: { NEEDED FIELD } }]\n  environments: [{ name: dev, target: { directory: d } }]\n"},
    {"kubernetes",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d } }]\n  kubernetes: "
     "{ "
     "FIELD }\n"},
    {"environments",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ NEEDED FIELD }, { name: staging, target: { directory: "
     "s } }]\n  groups: { sre: [ada, grace, alan] }\n"},
    {"environments.target",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { FIELD } }]\n"},
    {"environments.target.git",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { git: { NEEDED FIELD } } }]\n"},
    {"environments.gates",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d } }, { name: p, "
     "promotesFrom: dev, target: { directory: p }, gates: [{ FIELD }] }]\n  groups: { sre: [ada, grace, alan] }\n"
     "  trust: { ci: keys/ci.pub }\n"},
    {"environments.gates.approval",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, gates: [{ "
     "approval: { NEEDED FIELD } }] }]\n  groups: { sre: [ada, grace, alan] }\n"},
    {"environments.gates.window",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, gates: [{ window: "
     "{ NEEDED FIELD } }] }]\n"},
    {"environments.allowedChanges",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, allowedChanges: { "
     "FIELD } }]\n"},
    {"policySources",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d } }]\n  "
     "policySources: { own: { NEEDED FIELD } }\n"},
    {"policyBindings",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, labels: { tier: "
     "production } }]\n  policyBindings: [{ NEEDED FIELD }]\n"},
    {"exceptions",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d } }]\n  exceptions: "
     "{ NEEDED FIELD }\n  groups: { security: [ada, grace, alan] }\n"},
    {"environments.gates.evidence",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, gates: [{ "
     "evidence: "
     "{ NEEDED FIELD } }] }]\n  trust: { ci: keys/ci.pub }\n"},
    {"environments.gates.external",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, gates: [{ "
     "external: "
     "{ NEEDED FIELD } }] }]\n"},
    {"environments.gates.external.secretFrom",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, gates: [{ "
     "external: "
     "{ name: t, url: \"https://h.example/a\", secretFrom: { FIELD } } }] }]\n"},
    {"environments.verification",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d }, verification: [{ "
     "NEEDED FIELD }] }]\n"},
    {"people",
     "  layers: [{ name: a, manifests: m }]\n  environments: [{ name: dev, target: { directory: d } }]\n  people: { "
     "eve: { FIELD } }\n"},
    {"", ""},  // fields of spec itself are written as they are
};

std::string needed_by_evidence(std::string_view field) {
  const std::string result = "predicateType: \"https://in-toto.io/attestation/test-result/v0.1\",";
  const std::string summary = "predicateType: \"https://slsa.dev/verification_summary/v1\", from: ci,";
  if (field == "predicateType") return "from: ci,";
  if (field == "from") return result;
  if (field == "count") return result + " from: [ada, grace],";
  if (field == "verifier") return summary;
  if (field == "levels" || field == "resourceUri") return summary + " verifier: v,";
  return result + " from: ci,";
}

// What a field cannot be without.
std::string needed_by(const FieldDefinition& field) {
  std::string_view path = field.path;
  if (path.starts_with("environments.allowedChanges.") || path == "policySources.files") return "";
  if (path == "policySources.oci" || path == "sources.image" || path == "sources.oci") return "version: 1.x,";
  if (path == "sources.git" || path == "policySources.git") return "branch: main,";
  if (path == "policySources.version") return "oci: a/b,";
  if (path == "policySources.path") return "git: \"https://h.example/a\", branch: main,";
  if (path.starts_with("policySources.")) return "git: \"https://h.example/a\",";
  if (path == "policyBindings.policy") return "";
  if (path.starts_with("policyBindings.")) return "policy: other,";
  if (path == "exceptions.from") return "longest: 1d,";
  if (path == "exceptions.longest") return "from: security,";
  if (path == "exceptions.count") return "from: security, longest: 1d,";
  if (path == "sources.helm") return "repository: \"https://charts.example.com\", version: 1.x,";
  if (path == "sources.version") return "image: a/b,";
  if (path == "sources.path") return "git: \"https://h.example/a\", branch: main,";
  if (path == "sources.branch" || path == "sources.tag" || path == "sources.commit")
    return "git: \"https://h.example/a\",";
  if (path == "sources.repository") return "helm: a, version: 1.x,";
  if (path == "layers.name" || path == "layers.split") return "manifests: m,";
  if (path == "layers.manifests" || path == "layers.kustomize" || path == "layers.helm") return "name: a,";
  if (path == "sources.files" || path.starts_with("layers.split.select.")) return "";
  if (path == "layers.split.name") return "select: { kind: A },";
  if (path == "layers.split.tier") return "name: a, select: { kind: A },";
  if (path == "layers.split.select") return "name: a,";
  if (path == "layers.helm.chart") return "";
  if (path.starts_with("layers.helm.")) return "chart: charts/a,";
  if (path.starts_with("layers.")) return "name: a, manifests: m,";
  if (path == "environments.name") return "target: { directory: d },";
  if (path == "environments.target") return "name: dev,";
  if (path == "environments.gates") return "name: dev, promotesFrom: staging, target: { directory: d },";
  if (path.ends_with("git.url")) return "branch: b,";
  if (path.ends_with("git.branch")) return "url: \"https://h.example/a\",";
  if (path.ends_with("git.path")) return "url: \"https://h.example/a\", branch: b,";
  if (path.ends_with("approval.from")) return "count: 1,";
  if (path.ends_with("approval.count") || path.ends_with("approval.expires")) return "from: sre,";
  if (path.ends_with("window.schedule")) return "duration: 1h,";
  if (path.ends_with("window.duration")) return "schedule: \"0 9 * * *\",";
  if (path.starts_with("environments.gates.window.")) return "schedule: \"0 9 * * *\", duration: 1h,";
  constexpr std::string_view kEvidence = "environments.gates.evidence.";
  if (path.starts_with(kEvidence)) return needed_by_evidence(path.substr(kEvidence.size()));
  if (path.ends_with("external.name")) return "url: \"https://h.example/a\", secretFrom: { env: S },";
  if (path.ends_with("external.url")) return "name: t, secretFrom: { env: S },";
  if (path.ends_with("external.secretFrom")) return "name: t, url: \"https://h.example/a\",";
  if (path.ends_with("external.timeout") || path.ends_with("external.retries"))
    return "name: t, url: \"https://h.example/a\", secretFrom: { env: S },";
  if (path.ends_with("verification.name")) return "command: [x],";
  if (path.ends_with("verification.command")) return "name: x,";
  if (path.ends_with("verification.timeout")) return "name: x, command: [x],";
  return "name: dev, target: { directory: d },";
}

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  if (std::size_t at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
  return text;
}

std::string in_flow(std::string_view example, FieldType type) {
  std::string text(example);
  if (text.starts_with("- ")) return "[" + text.substr(2) + "]";
  if (type == FieldType::kNamed && !text.starts_with("{")) return "{ " + text + " }";
  if (type == FieldType::kCron) return "\"" + text + "\"";
  if (type == FieldType::kMap && !text.starts_with("{")) return "{ " + text + " }";
  return text;
}

std::string project_with(const FieldDefinition& field, bool present) {
  std::string_view path = field.path;
  std::size_t dot = path.rfind('.');
  std::string_view prefix = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
  std::string written = std::string(leaf_of(path)) + ": " + in_flow(field.example, field.type);
  if (!present) written = "";
  if (prefix.empty()) {
    std::string out = path == "people" ? "" : kRest;
    if (path != "groups") out += "  groups: { sre: [ada], security: [grace] }\n";
    if (path == "groups") out += "";
    if (path != "layers") out += "  layers: [{ name: a, manifests: m }]\n";
    if (path == "defaults")
      out += "  environments: [{ name: dev }]\n";
    else if (path != "environments")
      out += "  environments: [{ name: dev, target: { directory: d } }]\n";
    else
      out += "  defaults: { target: { directory: live/$(environment) } }\n";
    if (path == "environments") written = replaced(written, "[{", "[{ name: dev }, {");
    if (path == "people") out = replaced(replaced(out, "[ada]", "[]"), "[grace]", "[]");
    return testing::with_spec(out + "  " + written + "\n");
  }
  for (const Bench& bench : kBenches) {
    if (bench.prefix != prefix) continue;
    std::string text = replaced(replaced(bench.text, "NEEDED", needed_by(field)), "FIELD", written);
    return testing::with_spec((prefix == "people" ? "" : kRest) + text);
  }
  return "there is no bench for " + std::string(path);
}

class EveryField : public ::testing::TestWithParam<FieldDefinition> {};

// A field that the table has and the parser does not read would change nothing.
TEST_P(EveryField, IsReadAndDecidesSomething) {
  const FieldDefinition& field = GetParam();
  std::string with = project_with(field, true);
  Result<Project> parsed = testing::parse_text(with);
  ASSERT_TRUE(parsed.ok()) << render_diagnostics(parsed.error().diagnostics) << with;
  Result<Project> without = testing::parse_text(project_with(field, false));
  if (field.required) {
    EXPECT_FALSE(without.ok()) << project_with(field, false);
  }
  if (without.ok()) {
    EXPECT_NE(canonical(*without), canonical(*parsed)) << with;
  }
}

TEST_P(EveryField, IsExplained) {
  const FieldDefinition& field = GetParam();
  Result<FieldHelp> help = explain_field(std::string(field.path));
  ASSERT_TRUE(help.ok());
  EXPECT_EQ(help->path, field.path);
  EXPECT_FALSE(help->type.empty());
  EXPECT_TRUE(help->summary.ends_with('.')) << help->summary;
  EXPECT_FALSE(help->example.empty());
  EXPECT_EQ(help->fields.size(), fields_below(field.path).size());
}

TEST_P(EveryField, IsInTheSchema) {
  const FieldDefinition& field = GetParam();
  std::string with = project_with(field, true);
  EXPECT_TRUE(schema_takes(with)) << with;
  // A misspelt one is refused by both.
  std::string misspelt =
      replaced(with, std::string(leaf_of(field.path)) + ": " + in_flow(field.example, field.type).substr(0, 3),
               std::string(leaf_of(field.path)) + "x: " + in_flow(field.example, field.type).substr(0, 3));
  if (misspelt == with) return;
  EXPECT_FALSE(schema_takes(misspelt)) << misspelt;
  EXPECT_FALSE(testing::parse_text(misspelt).ok()) << misspelt;
}

std::string test_name(const ::testing::TestParamInfo<FieldDefinition>& info) {
  std::string name(info.param.path);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Table, EveryField, ::testing::ValuesIn(definitions().begin(), definitions().end()), test_name);

TEST(Definitions, PathsAreUniqueAndTheirParentsStandInTheTable) {
  std::set<std::string_view> seen;
  for (const FieldDefinition& field : definitions()) {
    EXPECT_TRUE(seen.insert(field.path).second) << field.path;
    std::size_t dot = field.path.rfind('.');
    if (dot != std::string_view::npos) {
      EXPECT_TRUE(seen.contains(field.path.substr(0, dot))) << field.path;
    }
  }
}

TEST(Definitions, DefaultsHaveTheFieldsOfAnEnvironmentButNoName) {
  EXPECT_EQ(fields_below("defaults").size() + 1, fields_below("environments").size());
  EXPECT_EQ(find_definition("defaults.gates.soak"), find_definition("environments.gates.soak"));
  EXPECT_EQ(find_definition("defaultsx"), nullptr);
  std::string text = testing::with_spec(
      "  layers: [{ name: a, manifests: m }]\n"
      "  defaults: { name: dev, target: { directory: d } }\n  environments: [{ name: dev }]\n");
  EXPECT_NE(testing::errors_of(text).find("unknown field \"name\" in defaults"), std::string::npos)
      << testing::errors_of(text);
  EXPECT_FALSE(schema_takes(text));
}

TEST(Explain, TakesThePathsOfMessages) {
  EXPECT_EQ(explain_field("spec.environments[1].gates[0].approval")->path, "environments.gates.approval");
  EXPECT_EQ(explain_field("")->fields.size(), fields_below("").size());
  EXPECT_EQ(explain_field("spec")->fields.size(), fields_below("").size());
  EXPECT_EQ(explain_field("layers.tier")->words,
            (std::vector<std::string>{"infrastructure", "platform", "application"}));
  EXPECT_EQ(explain_field("layers.tier")->fallback, "application");
}

TEST(Explain, UnknownFieldsAreNotFoundWithASuggestion) {
  Result<FieldHelp> help = explain_field("environments.gate");
  ASSERT_FALSE(help.ok());
  EXPECT_EQ(help.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(help.error().hint, "did you mean \"environments.gates\"?");
  EXPECT_EQ(explain_field("approval").error().hint, "did you mean \"environments.gates.approval\"?");
  EXPECT_EQ(explain_field("zzzzzzzz").error().hint, "pawl explain lists all of them");
}

TEST(Schema, IsDraft7AndKnowsBothKinds) {
  EXPECT_EQ(schema().root.string_at("$schema"), "http://json-schema.org/draft-07/schema#");
  EXPECT_TRUE(schema_takes(
      "apiVersion: pawl.dev/v1alpha1\nkind: Environment\nmetadata: { name: dev }\nspec: { promotesFrom: a }\n"));
  EXPECT_FALSE(
      schema_takes("apiVersion: pawl.dev/v1alpha1\nkind: Environment\nmetadata: { name: dev }\nspec: { name: a }\n"));
  EXPECT_FALSE(schema_takes("apiVersion: pawl.dev/v1\nkind: Environment\nmetadata: { name: dev }\nspec: {}\n"));
  EXPECT_FALSE(schema_takes("kind: Project\n"));
}

}  // namespace

}  // namespace pawl::model

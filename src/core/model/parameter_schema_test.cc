#include "core/model/parameter_schema.h"

#include <gtest/gtest.h>

#include "core/model/test_project.h"
#include "format/json.h"

namespace pawl::model {

namespace {

using testing::errors_of;
using testing::parse_text;
using testing::with_spec;

std::string with_schema(const std::string& schema, const std::string& parameters, const std::string& staging) {
  return with_spec(
      "  layers: [{ name: web, manifests: deploy }]\n"
      "  parameterSchema: " +
      schema +
      "\n"
      "  parameters: " +
      parameters +
      "\n"
      "  defaults: { target: { directory: live/$(environment) } }\n"
      "  environments:\n"
      "    - { name: dev }\n"
      "    - { name: staging, parameters: " +
      staging + " }\n");
}

TEST(ParameterSchema, AllowsWhatItDescribes) {
  std::string text = with_schema(
      "{ replicas: { type: integer, minimum: 1, maximum: 9 }, host: { type: string, pattern: \"^[a-z.]+$\" }, tier: { "
      "enum: "
      "[small, large], default: small }, ports: { type: array, items: { type: integer } }, db: { type: object, "
      "required: "
      "[name], properties: { name: { type: string }, size: { type: number, default: 1.5 } } } }",
      "{ replicas: 1, host: a.b, ports: [80, 443], db: { name: x } }", "{ replicas: 9, tier: large }");
  Result<Project> parsed = parse_text(text);
  ASSERT_TRUE(parsed.ok()) << errors_of(text);
  format::Arena arena;
  EXPECT_EQ(format::render_json(schema_defaults(arena, parsed->content.parameter_schema)),
            "{\"tier\":\"small\",\"db\":{\"size\":1.5}}");
  format::Value encoded = encode(parsed->content, arena);
  Result<Content> again = decode_content(encoded);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(format::equal(again->parameter_schema, parsed->content.parameter_schema));
}

TEST(ParameterSchema, NamesEveryMistakeOfEveryEnvironmentAtOnce) {
  std::string errors = errors_of(with_schema("{ replicas: { type: integer, minimum: 1 }, host: { type: string } }",
                                             "{ replicas: 0 }", "{ replicas: many, hots: a }"));
  EXPECT_NE(errors.find("pawl.yaml:7:27: error: parameters.replicas is 0; the least is 1"), std::string::npos)
      << errors;
  EXPECT_NE(errors.find("pawl.yaml:11:48: error: environments.staging.parameters.replicas is \"many\"; integer is "
                        "expected"),
            std::string::npos)
      << errors;
  EXPECT_NE(errors.find("pawl.yaml:11:54: error: environments.staging.parameters.hots is not in parameterSchema"),
            std::string::npos)
      << errors;
  EXPECT_NE(errors.find("did you mean \"host\"?"), std::string::npos) << errors;
  EXPECT_NE(errors.find("pawl.yaml:10:7: error: environment dev has no parameter \"host\""), std::string::npos)
      << errors;
  EXPECT_NE(errors.find("pawl.yaml:11:7: error: environment staging has no parameter \"host\""), std::string::npos)
      << errors;
}

struct Wrong {
  const char* schema;
  const char* value;
  const char* said;
};

class WrongValue : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongValue, IsSaid) {
  std::string errors = errors_of(with_schema(std::string("{ x: ") + GetParam().schema + " }",
                                             std::string("{ x: ") + GetParam().value + " }", "{}"));
  EXPECT_NE(errors.find(GetParam().said), std::string::npos) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongValue,
    ::testing::Values(Wrong{"{ type: string }", "1", "parameters.x is 1; string is expected"},
                      Wrong{"{ type: boolean }", "\"true\"", "boolean is expected"},
                      Wrong{"{ maximum: 3 }", "4", "the most is 3"}, Wrong{"{ enum: [a, 2] }", "b", "one of: \"a\", 2"},
                      Wrong{"{ pattern: ^a }", "ba", "which does not match ^a"},
                      Wrong{"{ items: { type: integer } }", "[1, b]", "parameters.x[1] is \"b\""},
                      Wrong{"{ properties: { y: { type: integer } } }", "{ y: z }", "parameters.x.y is \"z\""},
                      Wrong{"{ required: [y] }", "{ z: 1 }", "parameters.x has no \"y\""},
                      // The schema itself.
                      Wrong{"{ $ref: \"file:///etc/passwd\" }", "1", "has \"$ref\", which is not read"},
                      Wrong{"{ $ref: \"#/definitions/a\" }", "1", "has \"$ref\", which is not read"},
                      Wrong{"{ typ: string }", "a", "did you mean \"type\"?"},
                      Wrong{"{ type: text }", "a", "parameterSchema.x.type cannot be \"text\""},
                      Wrong{"{ pattern: \"(\" }", "a", "a regular expression (RE2) is expected"},
                      Wrong{"{ pattern: \")(\" }", "a", "a regular expression (RE2) is expected"},
                      Wrong{"{ minimum: a }", "1", "a number is expected"},
                      Wrong{"{ type: integer, default: a }", "1", "parameterSchema.x.default is \"a\""},
                      Wrong{"string", "a", "a schema is a map"}));

// Without a schema, parameters are what they always were.
TEST(ParameterSchema, IsNotNeeded) {
  EXPECT_TRUE(parse_text(with_spec("  layers: [{ name: web, manifests: deploy }]\n  parameters: { webReplicas: 1 }\n"
                                   "  environments: [{ name: dev, target: { directory: d } }]\n"))
                  .ok());
}

TEST(ParameterSchema, DefaultsReachTargets) {
  Result<Project> parsed = parse_text(
      with_spec("  layers: [{ name: web, manifests: deploy }]\n  parameterSchema: { root: { default: live } }\n"
                "  environments: [{ name: dev, target: { directory: $(parameters.root)/dev } }]\n"));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(std::get<DirectoryTarget>(parsed->configuration.environments[0].target).path, "live/dev");
}

}  // namespace

}  // namespace pawl::model

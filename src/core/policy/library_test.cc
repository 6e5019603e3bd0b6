#include "core/policy/library.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/policy/params.h"
#include "core/policy/policy_set.h"
#include "format/yaml.h"

namespace pawl::policy {
namespace {

struct Read {
  format::Arena arena;
  std::vector<format::Value> values;
  PolicyDocuments documents;

  explicit Read(const LibraryPolicy& of)
      : values(format::parse_yaml(arena, std::string(of.text), {}).value()),
        documents(read_documents(values).value()) {}
};

TEST(Library, EveryPolicyIsOneAndHasTheNameOfItsFile) {
  ASSERT_GE(library().size(), 13u);
  for (const LibraryPolicy& one : library()) {
    Read read(one);
    ASSERT_EQ(read.documents.policies.size(), 1u) << one.name;
    EXPECT_EQ(read.documents.policies[0].name, one.name);
    EXPECT_FALSE(one.summary.empty()) << one.name;
    EXPECT_TRUE(read.documents.bindings.empty()) << one.name << " binds itself";
  }
}

TEST(Library, EveryMessageSaysWhatIsWrongWithoutTheExpression) {
  for (const LibraryPolicy& one : library()) {
    Read read(one);
    for (const Validation& validation : read.documents.policies[0].validations)
      EXPECT_FALSE(validation.message.empty()) << one.name;
  }
}

TEST(Library, ParamsHaveADefinitionWhoseSchemaIsOne) {
  for (const LibraryPolicy& one : library()) {
    Read read(one);
    const Policy& policy = read.documents.policies[0];
    EXPECT_EQ(read.documents.others.size(), policy.param_kind ? 1u : 0u) << one.name;
    if (!policy.param_kind) continue;
    const format::Value* definition = find_definition(read.documents.others, *policy.param_kind);
    ASSERT_NE(definition, nullptr) << one.name;
    ASSERT_NE(spec_schema(*definition, policy.param_kind->version), nullptr) << one.name;
  }
}

TEST(Library, EveryPolicyHasATableOfTests) {
  for (const LibraryPolicy& one : library())
    EXPECT_TRUE(std::ifstream("tests/policy/library/" + std::string(one.name) + ".yaml").good()) << one.name;
}

TEST(Library, FindsByName) {
  EXPECT_EQ(find_library_policy("freeze")->name, "freeze");
  EXPECT_EQ(find_library_policy("none"), nullptr);
}

class Params : public testing::Test {
 protected:
  Result<format::Value> make(const std::string& policy, const std::string& yaml) {
    read_ = std::make_unique<Read>(*find_library_policy(policy));
    const Kind& kind = *read_->documents.policies[0].param_kind;
    text_ = yaml;
    format::Value spec = format::parse_yaml(read_->arena, yaml, {}).value().at(0);
    return make_params(read_->arena, find_definition(read_->documents.others, kind), kind, "mine", spec,
                       {.file = "pawl.yaml", .text = text_});
  }
  std::vector<std::string> faults(const std::string& policy, const std::string& yaml) {
    Result<format::Value> made = make(policy, yaml);
    std::vector<std::string> found;
    if (made) return found;
    for (const Diagnostic& fault : made.error().diagnostics)
      found.push_back(std::to_string(fault.at.line) + ":" + std::to_string(fault.at.column) + " " + fault.summary +
                      (fault.suggestion.empty() ? "" : "; " + fault.suggestion));
    return found;
  }

  std::unique_ptr<Read> read_;
  std::string text_;
};

TEST_F(Params, AreAnObjectOfThePolicysKindWithDefaults) {
  format::Value made = make("required-resources", "{limits: [cpu]}").value();
  EXPECT_EQ(format::render_yaml(made),
            "apiVersion: policies.pawl.dev/v1alpha1\nkind: RequiredResources\nmetadata:\n  name: mine\nspec:\n"
            "  limits:\n  - cpu\n  requests:\n  - cpu\n  - memory\n");
}

TEST_F(Params, SayAllThatIsWrongAtItsPlace) {
  EXPECT_EQ(faults("allowed-registries", "registrys: [a]\n"),
            (std::vector<std::string>{"1:1 params has no \"registries\"",
                                      "1:1 unknown field \"params.registrys\"; did you mean \"registries\"?"}));
  EXPECT_EQ(faults("allowed-registries", "registries: []\n"),
            (std::vector<std::string>{"1:13 params.registries must have at least 1 item"}));
  EXPECT_EQ(faults("change-budget", "most: -1\nchanges: [moved]\n"),
            (std::vector<std::string>{"1:7 params.most is -1; the least is 0",
                                      "2:11 params.changes[0] cannot be \"moved\""}));
  EXPECT_EQ(faults("freeze", "reason: holidays\nuntil: soon\n"),
            (std::vector<std::string>{"2:8 params.until is no moment (2026-12-24T18:00:00Z)"}));
  EXPECT_EQ(faults("maximum-release-age", "days: many\n"),
            (std::vector<std::string>{"1:7 params.days is \"many\"; integer is expected"}));
}

TEST_F(Params, MayBeNumbersThatJsonCannotSay) {
  EXPECT_EQ(faults("change-budget", "most: .inf\nkinds: [.nan]\n"),
            (std::vector<std::string>{"1:7 params.most is a number; integer is expected",
                                      "2:9 params.kinds[0] is a number; string is expected"}));
}

TEST_F(Params, AreTakenAsTheyAreWhereNothingDeclaresThem) {
  format::Arena arena;
  format::Value spec = format::parse_yaml(arena, "{a: 1}", {}).value().at(0);
  EXPECT_EQ(format::render_yaml(make_params(arena, nullptr, {"", "v1", "ConfigMap"}, "c", spec).value()),
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\nspec:\n  a: 1\n");
}

}  // namespace
}  // namespace pawl::policy

#include "core/policy/trial.h"

#include <gtest/gtest.h>

#include "base/diagnostic.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::policy {
namespace {

class TrialTest : public testing::Test {
 protected:
  Result<Trial> of(std::string_view expression, std::string yaml = "") {
    format::Value document;
    if (!yaml.empty()) {
      documents_.push_back(format::parse_yaml_document(std::move(yaml), {}).value());
      document = documents_.back().root;
    }
    return try_out(arena_, expression, document);
  }
  std::string json(std::string_view expression, std::string yaml = "") {
    Result<Trial> trial = of(expression, std::move(yaml));
    if (!trial) return render_diagnostics(trial.error().diagnostics);
    return trial->error.empty() ? format::render_json(trial->value) : trial->error;
  }

  format::Arena arena_;
  std::vector<format::Document> documents_;
};

TEST_F(TrialTest, AnObjectIsBoundAsOne) {
  std::string pod = "apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: a:1 }, { image: b:2 }] }\n";
  EXPECT_EQ(json("object.spec.containers.map(c, c.image)", pod), R"(["a:1","b:2"])");
  EXPECT_EQ(json("object.spec.replicas > 1", pod), "no such key: replicas");
}

TEST_F(TrialTest, EveryMemberOfAnyOtherMapIsAVariable) {
  EXPECT_EQ(json("params.most >= size(object.items)", "params: { most: 2 }\nobject: { items: [1, 2, 3] }\n"), "false");
}

TEST_F(TrialTest, EveryKindOfValueIsShown) {
  EXPECT_EQ(json("{'a': [dyn(null), dyn(true), dyn(1), dyn(2u), dyn(1.5), dyn('x')]}"),
            R"({"a":[null,true,1,2,1.5,"x"]})");
  EXPECT_EQ(json("[b'xyz']"), R"(["eHl6"])");
  EXPECT_EQ(json("[dyn(duration('90s')), dyn(type(1))]"), R"(["1m30s","int"])");
  EXPECT_EQ(json("optional.of(7)"), "7");
  EXPECT_EQ(json("optional.none()"), "null");
  EXPECT_EQ(json("timestamp('2026-11-26T12:00:00Z')").find("2026"), 1u);
}

TEST_F(TrialTest, FaultsAreNamed) {
  std::string fault = json("'é' + nobody");
  EXPECT_NE(fault.find("expression:1:8: error: undeclared reference to 'nobody' (in container '')"), std::string::npos)
      << fault;
  EXPECT_NE(json("1 +").find("Syntax error"), std::string::npos);
  EXPECT_FALSE(of("1", "[a list]\n").ok());
}

TEST_F(TrialTest, P3_ABombStopsAtTheLimit) {
  std::string list = "[0,1,2,3,4,5,6,7,8,9]";
  std::string bomb = "a.all(b, a.all(c, a.all(d, a.all(e, a.all(f, a.all(g, a.all(h, a.all(i, i < 10))))))))";
  std::string error = of(bomb, "a: " + list + "\n").value().error;
  EXPECT_EQ(error, "operation cancelled: actual cost limit exceeded");
}

}  // namespace
}  // namespace pawl::policy

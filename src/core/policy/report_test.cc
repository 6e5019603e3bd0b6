#include "core/policy/report.h"

#include <gtest/gtest.h>

#include "format/json.h"

namespace pawl::policy {
namespace {

TEST(Reports, JunitEscapesWhatXmlCannotHold) {
  std::vector<ReportedCase> cases = {{"a.yaml", "<name> & \"more\"", "a.yaml", {3, 1}, {"line\nline \x01 \xC3\xA4"}},
                                     {"b.yaml", "good", "", {}, {}},
                                     {"a.yaml", "again", "", {}, {}}};
  EXPECT_EQ(
      junit(cases, "t"),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"t\" tests=\"3\" failures=\"1\" errors=\"0\">\n"
      "  <testsuite name=\"a.yaml\" tests=\"2\" failures=\"1\" errors=\"0\">\n"
      "    <testcase name=\"&lt;name&gt; &amp; &quot;more&quot;\" classname=\"a.yaml\" file=\"a.yaml\" line=\"3\">\n"
      "      <failure message=\"line&#10;line \xEF\xBF\xBD \xC3\xA4\"/>\n"
      "    </testcase>\n"
      "    <testcase name=\"again\" classname=\"a.yaml\"/>\n"
      "  </testsuite>\n"
      "  <testsuite name=\"b.yaml\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
      "    <testcase name=\"good\" classname=\"b.yaml\"/>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

TEST(Reports, SarifNamesRulesAndPlaces) {
  std::vector<ReportedRule> rules = {{"replicas", 0, "few", "object.spec.replicas <= 5"}};
  std::vector<ReportedFinding> findings = {
      {"replicas", 0, ReportedFinding::Level::kError, "too many", "Deployment/web", "a b/ä.yaml", {7, 1}},
      {"other", {}, ReportedFinding::Level::kWarning, "no params", "Deployment/web", "", {}}};
  format::Document document = format::parse_json_document(sarif(rules, findings, "1.0")).value();
  const format::Value& run = document.root.find("runs")->items()[0];
  EXPECT_EQ(run.at_path({"tool", "driver", "rules"})->items()[0].string_at("id"), "replicas/validations[0]");
  std::span<const format::Value> results = run.find("results")->items();
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].find("ruleIndex")->as_int(), 0);
  const format::Value& place = *results[0].find("locations")->items()[0].find("physicalLocation");
  EXPECT_EQ(place.find("artifactLocation")->string_at("uri"), "a%20b/%C3%A4.yaml");
  EXPECT_EQ(place.at_path({"region", "startLine"})->as_int(), 7);
  EXPECT_EQ(results[1].string_at("ruleId"), "other");
  EXPECT_EQ(results[1].string_at("level"), "warning");
  EXPECT_EQ(results[1].find("locations")->items()[0].find("physicalLocation"), nullptr);
}

}  // namespace
}  // namespace pawl::policy

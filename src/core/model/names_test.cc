#include "core/model/names.h"

#include <gtest/gtest.h>

#include "core/model/object.h"
#include "core/model/substitute.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::model {

namespace {

TEST(Names, DnsLabels) {
  for (const char* good : {"a", "0", "a-b", "web2", "x--y"}) EXPECT_TRUE(is_dns_label(good)) << good;
  EXPECT_TRUE(is_dns_label(std::string(63, 'a')));
  for (const char* bad : {"", "-a", "a-", "A", "a.b", "a_b", "a/b", "..", "a b", "a\n", "\xC3\xA4"})
    EXPECT_FALSE(is_dns_label(bad)) << bad;
  EXPECT_FALSE(is_dns_label(std::string(64, 'a')));
  EXPECT_FALSE(is_dns_label(std::string_view("a\0b", 3)));
}

TEST(Names, VersionLabels) {
  for (const char* good : {"1.4.0", "v1", "2026-11-24_rc.1+x", "release", "r", "r1x", "R7"})
    EXPECT_TRUE(is_version_label(good)) << good;
  // Serials and digests name releases by themselves.
  for (const char* bad : {"", "r1", "r007", "sha256:00", "-x", ".x", "a/b", "a b", "a\n", "\xC3\xA4"})
    EXPECT_FALSE(is_version_label(bad)) << bad;
  EXPECT_TRUE(is_version_label(std::string(128, '1')));
  EXPECT_FALSE(is_version_label(std::string(129, '1')));
}

ObjectId id_of(const char* json) {
  format::Document document = format::parse_json_document(json).value();
  return object_id(document.root);
}

TEST(ObjectIds, AreReadAndShown) {
  ObjectId id = id_of(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"}})");
  EXPECT_EQ(id, (ObjectId{"apps/v1", "Deployment", "shop", "web"}));
  EXPECT_EQ(id.str(), "shop/Deployment/web");
  EXPECT_EQ(id_of(R"({"kind":"Namespace","metadata":{"name":"shop"}})").str(), "Namespace/shop");
  EXPECT_EQ(id_of(R"({"kind":7,"metadata":[]})"), ObjectId{});
}

std::string substituted(const std::string& yaml) {
  format::Arena arena;
  format::Value parameters =
      format::parse_yaml(arena, "replicas: 3\nname: web\nnested: { on: true }\nlist: [1]\n", {}).value()[0];
  format::Value value = format::parse_yaml(arena, yaml, {}).value()[0];
  Result<format::Value> out = substitute(arena, value, {"dev", parameters});
  return out ? format::render_json(*out) : "(error) " + out.error().message;
}

TEST(Substitute, WholeScalarsKeepTheirTypeAndTextStaysText) {
  EXPECT_EQ(substituted("[$(parameters.replicas), x$(parameters.replicas), $(parameters.nested), $(parameters.list)]"),
            R"([3,"x3",{"on":true},[1]])");
  EXPECT_EQ(substituted("a: { b: [live/$(environment)-$(parameters.name)] }"), R"({"a":{"b":["live/dev-web"]}})");
  EXPECT_EQ(substituted("[$(parameters.nested.on), $(environment)]"), R"([true,"dev"])");
}

TEST(Substitute, WhatIsNoVariableStays) {
  EXPECT_EQ(substituted("[$(POD_IP), $$(environment), $(environment, $(), $, '$(Environment)']"),
            R"x(["$(POD_IP)","$$(environment)","$(environment","$()","$","$(Environment)"])x");
}

TEST(Substitute, MissingAndUnfitParametersAreErrors) {
  EXPECT_EQ(substituted("[$(parameters.replica)]"), "(error) there is no parameter \"replica\" in environment dev");
  EXPECT_EQ(substituted("[$(parameters.name.x)]"), "(error) there is no parameter \"name.x\" in environment dev");
  EXPECT_EQ(substituted("[x$(parameters.list)]"), "(error) $(parameters.list) is a list and cannot stand inside text");
}

// What a parameter brings in is data: it is never looked at for variables again.
TEST(Substitute, IsDoneOnce) {
  format::Arena arena;
  format::Value parameters = format::Value::map();
  parameters.set(arena, "a", "$(parameters.a)$(parameters.a)");
  Result<std::string> out = substitute_text("<$(parameters.a)>", {"dev", parameters});
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(*out, "<$(parameters.a)$(parameters.a)>");
}

TEST(Substitute, TellsWhichParametersWereUsed) {
  format::Arena arena;
  format::Value parameters = format::parse_yaml(arena, "a: { x: 1 }\nb: 2\n", {}).value()[0];
  std::set<std::string> used;
  ASSERT_TRUE(substitute_text("$(parameters.a.x)", {"dev", parameters, &used}).ok());
  EXPECT_EQ(used, std::set<std::string>{"a"});
}

}  // namespace

}  // namespace pawl::model

#include "core/render/go_json.h"

#include <gtest/gtest.h>

#include "format/json.h"

namespace pawl::render {
namespace {

std::string again(std::string json, JsonLayout layout = JsonLayout::kCompact) {
  return go_json(format::parse_json_document(std::move(json)).value().root, layout);
}

TEST(GoJson, KeysAreSortedByBytes) { EXPECT_EQ(again(R"({"b":1,"a":2,"B":3})"), R"({"B":3,"a":2,"b":1})"); }

TEST(GoJson, WhatHtmlWouldReadIsEscapedInKeysAndValues) {
  EXPECT_EQ(again(R"({"<":"x>&\u2028\u2029é"})"), R"({"\u003c":"x\u003e\u0026\u2028\u2029é"})");
}

TEST(GoJson, Indented) {
  EXPECT_EQ(again(R"({"n":{},"m":[1,null,{"k":true}],"l":[]})", JsonLayout::kIndented),
            "{\n  \"l\": [],\n  \"m\": [\n    1,\n    null,\n    {\n      \"k\": true\n    }\n  ],\n  \"n\": {}\n}");
}

}  // namespace
}  // namespace pawl::render

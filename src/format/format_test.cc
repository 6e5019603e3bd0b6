#include <gtest/gtest.h>

#include <cstdint>

#include "format/glob.h"
#include "format/json.h"
#include "format/reference.h"
#include "format/tar.h"
#include "format/yaml.h"

namespace pawl::format {
namespace {

Result<std::vector<Value>> parse(Arena& arena, std::string text, YamlSchema schema = YamlSchema::kKubernetes) {
  return parse_yaml(arena, std::move(text), {.schema = schema, .file = "x.yaml"});
}

std::string again(const std::string& text, YamlSchema schema = YamlSchema::kKubernetes) {
  Arena arena;
  auto documents = parse(arena, text, schema);
  EXPECT_TRUE(documents.ok()) << text;
  return documents ? render_yaml((*documents)[0]) : "";
}

TEST(Arena, GivesAlignedMemoryOfAnySizeAndKeepsAllOfIt) {
  Arena arena;
  std::vector<std::pair<std::string_view, char>> kept;
  // Small blocks first, then pages of the system, and in between what no block holds.
  for (std::size_t i = 0; i < 9000; ++i) {
    char fill = static_cast<char>('a' + i % 26);
    std::size_t size = i % 3000 == 2999 ? std::size_t{5} << 20 : 700 + i % 900;
    kept.emplace_back(arena.copy(std::string(size, fill)), fill);
    auto address = reinterpret_cast<std::uintptr_t>(arena.allocate(24, 16));
    ASSERT_EQ(address % 16, 0u);
  }
  for (const auto& [text, fill] : kept) ASSERT_EQ(text.find_first_not_of(fill), std::string_view::npos);
}

TEST(Yaml, ScalarsReadAsKustomizeReadsThem) {
  EXPECT_EQ(again("a: yes\nb: 0777\nc: 1e3\nd: ~\ne: 1_000\nf: \"1\"\ng: 2020-01-01\n"),
            "a: \"yes\"\nb: 511\nc: 1000\nd: null\ne: 1000\nf: \"1\"\ng: \"2020-01-01T00:00:00Z\"\n");
}

TEST(Yaml, X1_NorwayOctalAndSexagesimal) {
  EXPECT_EQ(again("a: no\nb: 0o17\nc: 1:20\nd: 010\n"), "a: \"no\"\nb: 15\nc: \"1:20\"\nd: 8\n");
  Arena arena;
  Value strict = parse(arena, "a: no\nb: 010\nc: True\n", YamlSchema::kStrict12).value()[0];
  EXPECT_TRUE(strict.find("a")->is_string());
  EXPECT_EQ(strict.find("b")->as_int(), 10);
  EXPECT_TRUE(strict.find("c")->is_bool());
}

TEST(Yaml, X1_AliasBombsAndRecursionAreRefused) {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i) {
    std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int k = 0; k < 9; ++k) bomb += "," + last;
    bomb += "]\n";
  }
  Arena arena;
  EXPECT_EQ(parse(arena, bomb).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(parse(arena, "a: &a [*a]\n").error().code, ErrorCode::kInvalid);
}

TEST(Yaml, X1_DeepNestingIsRefusedWithinBounds) {
  Arena arena;
  EXPECT_FALSE(parse(arena, std::string(1'000'000, '[')).ok());
  EXPECT_FALSE(parse(arena, std::string(200, '[') + std::string(200, ']')).ok());
  EXPECT_TRUE(parse(arena, std::string(90, '[') + std::string(90, ']')).ok());
}

TEST(Yaml, X1_EveryDuplicateKeyIsNamed) {
  Arena arena;
  auto result = parse(arena, "a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n");
  ASSERT_FALSE(result.ok());
  ASSERT_EQ(result.error().diagnostics.size(), 2u);
  EXPECT_EQ(result.error().diagnostics[0].at, (Position{3, 1}));
  EXPECT_EQ(result.error().diagnostics[1].at, (Position{6, 3}));
}

TEST(Yaml, X1_ForeignTagsNulAndUtf16AreRefused) {
  Arena arena;
  EXPECT_FALSE(parse(arena, "a: !!python/object:os.system x\n").ok());
  EXPECT_FALSE(parse(arena, "a: !!binary aGk=\n").ok());
  EXPECT_FALSE(parse(arena, std::string("a: b\0c\n", 7)).ok());
  EXPECT_FALSE(parse(arena,
                     "\xFF\xFE"
                     "a")
                   .ok());
  EXPECT_TRUE(parse(arena,
                    "\xEF\xBB\xBF"
                    "a: b\n")
                  .ok());
}

TEST(Yaml, X1_HugeNumbersStayWhatTheyAre) {
  EXPECT_EQ(again("a: 18446744073709551615\nb: 9223372036854775808\n"),
            "a: 18446744073709551615\nb: 9223372036854775808\n");
  EXPECT_EQ(again("a: 1e400\n"), "a: 1e400\n");
}

TEST(Yaml, X1_MergeKeysDoNotOverride) {
  EXPECT_EQ(again("base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\n"),
            again("base: {x: 1, y: 2}\nother: {x: 1, y: 3}\n"));
}

TEST(Json, X2_StrictAndExact) {
  Arena arena;
  for (std::string bad : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "[1] x", "01", "nul", "\"\\ud800\"", "\"\x01\"",
                          "[1 2]", "{\"a\" 1}", "[01]", "[-01]", "[009740473709551615]"}) {
    EXPECT_FALSE(parse_json(arena, bad).ok()) << bad;
  }
  for (std::string good :
       {"9007199254740993", "-9223372036854775808", "18446744073709551615", "[]", "{}", "\"\\u00e9\"", "true"}) {
    EXPECT_TRUE(parse_json(arena, good).ok()) << good;
  }
  EXPECT_EQ(render_json(parse_json(arena, "[9007199254740993,18446744073709551615]").value()),
            "[9007199254740993,18446744073709551615]");
  EXPECT_EQ(render_json(parse_json(arena, "[1.2797693134882315908,1e-400,1844674407370955161.6]").value()),
            "[1.2797693134882315,0,1844674407370955300]");
  EXPECT_FALSE(canonical_json(parse_json(arena, "[9007199254740993]").value()).ok());
  EXPECT_FALSE(parse_json(arena, std::string(101, '[') + std::string(101, ']')).ok());
}

TEST(Tar, GoesThroughAndDependsOnTheTreeAlone) {
  FileTree tree = {
      {"a/b.txt", "hello", false}, {"run.sh", "#!/bin/sh\n", true}, {"z/" + std::string(150, 'n'), "long", false}};
  std::string bytes = write_tar(tree);
  EXPECT_EQ(bytes, write_tar(tree));
  EXPECT_EQ(read_tar(bytes).value(), tree);
}

// A tar with one field of its first header changed, the checksum made right again.
std::string altered(std::size_t offset, std::string_view with) {
  std::string bytes = write_tar({{"a.txt", "hello", false}});
  bytes.replace(offset, with.size(), with);
  bytes.replace(148, 8, "        ");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(bytes[i]);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  bytes.replace(148, 6, std::string_view(text, 6));
  bytes[154] = '\0';
  return bytes;
}

TEST(Tar, X3_WhatIsNoPlainFileInsideIsRefused) {
  ASSERT_TRUE(read_tar(altered(0, "a.txt")).ok());
  for (char type : {'1', '2', '3', '4', '6', 'S', 'g', 'L'})
    EXPECT_FALSE(read_tar(altered(156, std::string(1, type))).ok()) << type;
  EXPECT_FALSE(read_tar(altered(0, "../xx")).ok());
  EXPECT_FALSE(read_tar(altered(0, "/etc/")).ok());
  EXPECT_FALSE(read_tar(altered(100, "0004755")).ok()) << "setuid";
  EXPECT_FALSE(read_tar(altered(124, "77777777777")).ok()) << "larger than the archive";
  EXPECT_FALSE(read_tar(altered(124, "-0000000001")).ok());
  std::string good = write_tar({{"a.txt", "hello", false}});
  EXPECT_FALSE(read_tar(good.substr(0, 700)).ok()) << "truncated";
  EXPECT_FALSE(read_tar(good.substr(0, 1024) + good).ok()) << "an entry twice";
}

TEST(Tar, X3_TwinsButForCaseAreRefused) {
  EXPECT_FALSE(read_tar(write_tar({{"README", "a", false}, {"readme", "b", false}})).ok());
}

TEST(Reference, NamesAsContainerRuntimesReadThem) {
  EXPECT_EQ(parse_image_reference("redis")->name(), "docker.io/library/redis");
  EXPECT_EQ(parse_image_reference("index.docker.io/a/b:1")->name(), "docker.io/a/b");
  ImageReference full = parse_image_reference("ghcr.io:443/x/y:v1@sha256:" + std::string(64, 'a')).value();
  EXPECT_EQ(full.registry, "ghcr.io:443");
  EXPECT_EQ(full.tag, "v1");
  EXPECT_TRUE(full.digest.has_value());
}

TEST(Reference, A4_MalformedOnesAreRefused) {
  for (std::string bad : {"", "a/UPPER", "a//b", "a/../b", "x:", "x@sha256:../../y", "x@sha1:abc", "a b", "-a",
                          "ghcr.io/a:b:c", "x@md5:00"}) {
    EXPECT_FALSE(parse_image_reference(bad).ok()) << bad;
  }
}

TEST(Glob, MatchesWithoutExploding) {
  EXPECT_TRUE(glob_match("database-*", "database-primary"));
  EXPECT_FALSE(glob_match("database-*", "cache"));
  EXPECT_TRUE(glob_match("*a?c", "xxabc"));
  EXPECT_FALSE(glob_match("a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace pawl::format

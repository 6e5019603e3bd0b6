// What hostile YAML, JSON and archives can hold, row by row, beyond what format_test.cc shows of each reader.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "format/json.h"
#include "format/tar.h"
#include "format/yaml.h"
#include "tests/support/tar_entry.h"

namespace pawl::format {
namespace {

Result<std::vector<Value>> yaml(Arena& arena, std::string text) {
  return parse_yaml(arena, std::move(text), {.file = "x.yaml"});
}

std::string summary_of(const Result<std::vector<Value>>& result) {
  if (result.ok()) return "(no error)";
  return result.error().diagnostics.empty() ? result.error().message : result.error().diagnostics[0].summary;
}

TEST(YamlAttack, X1_ScalarsAndFilesBeyondTheBoundsAreRefused) {
  Arena arena;
  EXPECT_NE(summary_of(yaml(arena, "a: " + std::string(limits::kScalarBytes + 1, 'x'))).find("16 MiB"),
            std::string::npos);
  Result<std::vector<Value>> large = yaml(arena, std::string(limits::kDocumentBytes + 1, '#'));
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(yaml(arena, "a: " + std::string(1u << 20, 'x')).ok());
}

TEST(YamlAttack, X1_ManyDocumentsAreReadAndOneIsDemandedWhereOneIsMeant) {
  Arena arena;
  EXPECT_EQ(yaml(arena, "a: 1\n---\nb: 2\n---\n---\nc: 3\n...\n")->size(), 3u) << "empty ones are left out";
  EXPECT_FALSE(parse_yaml_document("a: 1\n---\nb: 2\n", {.file = "x.yaml"}).ok());
  EXPECT_FALSE(parse_yaml_document("", {.file = "x.yaml"}).ok());
  EXPECT_FALSE(yaml(arena, "a: 1\n---\na: 1\na: 2\n").ok()) << "a later document is judged too";
}

TEST(YamlAttack, X1_AnAnchorOfOneDocumentIsUnknownInTheNext) {
  Arena arena;
  EXPECT_FALSE(yaml(arena, "a: &x secret\n---\nb: *x\n").ok());
  EXPECT_FALSE(yaml(arena, "a: *nowhere\n").ok());
}

TEST(YamlAttack, X1_MergeKeysNeitherOverrideNorBringInWhatIsNoMap) {
  Arena arena;
  Value first = (*yaml(arena, "b: &b {x: 1}\nc: &c {x: 2, y: 2}\no:\n  x: 0\n  <<: [*b, *c]\n"))[0];
  EXPECT_EQ(first.at_path({"o", "x"})->as_int(), 0) << "what is written wins";
  EXPECT_EQ(first.at_path({"o", "y"})->as_int(), 2);
  Value order = (*yaml(arena, "b: &b {x: 1}\nc: &c {x: 2}\no:\n  <<: [*b, *c]\n"))[0];
  EXPECT_EQ(order.at_path({"o", "x"})->as_int(), 1) << "the earlier map wins";
  EXPECT_FALSE(yaml(arena, "o:\n  <<: text\n").ok());
  EXPECT_FALSE(yaml(arena, "a: &a\n  <<: *a\n  x: 1\n").ok());
}

TEST(YamlAttack, X1_NotANumberAndInfinityAreNeverCanonical) {
  Arena arena;
  for (const char* text : {"a: .nan\n", "a: .inf\n", "a: -.inf\n"}) {
    Result<std::vector<Value>> read = yaml(arena, text);
    if (!read.ok()) continue;
    EXPECT_FALSE(canonical_json((*read)[0]).ok()) << text;
  }
}

TEST(YamlAttack, X1_NumbersBeyondEveryTypeKeepTheirText) {
  Arena arena;
  for (const std::string& number : std::vector<std::string>{"1e400", "-1e400", "1" + std::string(400, '0'),
                                                            "18446744073709551616", "-9223372036854775809"}) {
    Result<std::vector<Value>> read = yaml(arena, "a: " + number + "\n");
    ASSERT_TRUE(read.ok()) << number;
    const Value& value = *(*read)[0].find("a");
    bool infinite = value.kind() == Kind::kFloat && std::isinf(value.as_double());
    EXPECT_FALSE(infinite) << number;
  }
}

TEST(YamlAttack, X1_TagsThatMakeObjectsAreRefusedWhereverTheyStand) {
  Arena arena;
  for (const char* text :
       {"!!python/object/apply:os.system [id]\n", "- !!js/function 'x'\n", "a: !ruby/object:X {}\n", "!!set {a, b}\n",
        "? !!python/name:x\n: 1\n", "a: !local x\n", "%TAG ! tag:evil,1:\n---\na: !x 1\n"})
    EXPECT_FALSE(yaml(arena, text).ok()) << text;
}

// RFC 8259 as JSONTestSuite probes it; the list is Pawl's own. Each must be refused.
constexpr auto kBadJson = std::to_array<std::string_view>({
    "",
    " ",
    "[",
    "]",
    "{",
    "}",
    "[}",
    "{]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[1 2]",
    "[\"a\" \"b\"]",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\" 1}",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\"::1}",
    "{\"a\":1}}",
    "[1]]",
    "[1]x",
    "[1]{}",
    "1 2",
    "nul",
    "nulll",
    "True",
    "TRUE",
    "tru",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "-",
    "+1",
    "01",
    "-01",
    "1.",
    ".1",
    "-.1",
    "1.e1",
    "1e",
    "1e+",
    "1E-",
    "0x1",
    "1_000",
    "1,000",
    "--1",
    "1-1",
    "\"",
    "\"a",
    "\"\\",
    "\"\\x00\"",
    "\"\\u\"",
    "\"\\u12\"",
    "\"\\u123g\"",
    "\"\\U0041\"",
    "\"\\'\"",
    "'a'",
    "\"\t\"",
    "\"\n\"",
    "\"\x01\"",
    "\"\x1f\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\ud800\"",
    "\"\\ud800x\"",
    "\"\xff\"",
    "\"\xc0\xaf\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xe2\x82\"",
    "\xef\xbb\xbf{}",
    "\xfe\xff",
    "[1]\xff",
    "/**/1",
    "1//",
    "#1",
    "[1]\f",
    "\v1",
    "\xc2\xa0[]",
    "{\"a\":1,\"a\":1}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"x\":{\"a\":1,\"b\":2,\"a\":3}}",
});
// Each must be read.
constexpr auto kGoodJson = std::to_array<std::string_view>({
    "[]",
    "{}",
    " [ ] ",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "0.0",
    "-0.1",
    "1e1",
    "1E+1",
    "1e-1",
    "123456789012345678",
    "\"\"",
    "\"a\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\xf0\x9f\x98\x80\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\x7f\"",
    "\"\xe2\x80\xa8\"",
    "[[[]]]",
    "{\"\":0}",
    "{\"a\":{\"a\":1}}",
    "\t[1,\r\n2]\n",
    "{\"a\":1,\"A\":2}",
});

TEST(JsonAttack, X2_TextsThatAreNoJsonAreRefused) {
  Arena arena;
  for (std::string_view text : kBadJson) {
    Result<Value> read = parse_json(arena, std::string(text));
    EXPECT_FALSE(read.ok()) << text;
    EXPECT_TRUE(read.ok() || read.error().code == ErrorCode::kInvalid) << text;
  }
  EXPECT_FALSE(parse_json(arena, std::string("[1]\0", 4)).ok());
  EXPECT_FALSE(parse_json(arena, std::string("\0", 1)).ok());
  EXPECT_FALSE(parse_json(arena, std::string("\"\0\"", 3)).ok());
}

TEST(JsonAttack, X2_TextsThatAreJsonAreRead) {
  Arena arena;
  for (std::string_view text : kGoodJson) EXPECT_TRUE(parse_json(arena, std::string(text)).ok()) << text;
}

TEST(JsonAttack, X2_DepthAndSizeAreBounded) {
  Arena arena;
  EXPECT_FALSE(parse_json(arena, std::string(1'000'000, '[')).ok());
  std::string maps;
  for (int i = 0; i < 1'000'000; ++i) maps += "{\"a\":";
  EXPECT_FALSE(parse_json(arena, maps).ok());
  EXPECT_FALSE(parse_json(arena, "\"" + std::string(100, 'x') + "\"", {.max_bytes = 50}).ok());
  EXPECT_FALSE(parse_json(arena, std::string(limits::kDocumentBytes + 1, ' ')).ok());
}

TEST(JsonAttack, X2_NumbersBeyondADoubleAreKeptOrRefusedAndNeverChanged) {
  Arena arena;
  for (std::string number : {"9007199254740993", "-9007199254740993", "9223372036854775807", "18446744073709551615"}) {
    Result<Value> read = parse_json(arena, number);
    ASSERT_TRUE(read.ok()) << number;
    EXPECT_EQ(render_json(*read), number);
    EXPECT_FALSE(canonical_json(*read).ok()) << number << " has no exact form in JCS";
  }
  for (std::string number : {"1e400", "-1e400", "18446744073709551616", "-9223372036854775809"}) {
    Result<Value> read = parse_json(arena, number);
    EXPECT_TRUE(!read.ok() || render_json(*read) == number) << number;
  }
}

using testing_support::tar_entry;
const std::string& kEnd = testing_support::kTarEnd;
std::string entry(std::string_view name, char type, std::string_view body, std::string_view size = "") {
  return tar_entry(name, type, body, size);
}

std::string pax(const std::string& record) {
  std::string body = " " + record + "\n";
  std::size_t length = body.size() + 2;  // every record here has a length of two digits
  return entry("pax", 'x', std::to_string(length) + body);
}

TEST(TarAttack, X3_NothingLeavesTheFolderWhateverNamesIt) {
  ASSERT_TRUE(read_tar(entry("a", '0', "x") + kEnd).ok());
  for (const char* name : {"../a", "a/../../b", "/etc/passwd", "./a", "a//b", "a/.", "..", "a\\..\\b",
                           "a\x01"
                           "b",
                           ""})
    EXPECT_FALSE(read_tar(entry(name, '0', "x") + kEnd).ok()) << name;
  for (const char* name : {"../", "/", "a/../"}) EXPECT_FALSE(read_tar(entry(name, '5', "") + kEnd).ok()) << name;
}

TEST(TarAttack, X3_APaxHeaderCannotOverrideAPathIntoTheOpenNorAnythingElse) {
  EXPECT_EQ(read_tar(pax("path=b") + entry("a", '0', "x") + kEnd).value(), (FileTree{{"b", "x", false}}));
  for (const char* record : {"path=../b", "path=/etc/b", "path=", "size=99999", "linkpath=/etc/x", "GNU.sparse.major=1",
                             "mode=4755", "uid=0000"})
    EXPECT_FALSE(read_tar(pax(record) + entry("a", '0', "x") + kEnd).ok()) << record;
  EXPECT_FALSE(read_tar(pax("path=b") + pax("path=c") + entry("a", '0', "x") + kEnd).ok());
  EXPECT_FALSE(read_tar(pax("path=b") + kEnd).ok()) << "a header for nothing";
  EXPECT_FALSE(read_tar(entry("pax", 'x', "99999999999 path=b\n") + entry("a", '0', "x") + kEnd).ok());
  EXPECT_FALSE(read_tar(entry("g", 'g', "10 path=b\n") + entry("a", '0', "x") + kEnd).ok()) << "for all that follow";
}

TEST(TarAttack, X3_ALeadingDotIsDroppedWhereThatIsAskedForAndOnlyThere) {
  std::string tar = entry("./", '5', "") + entry("./a", '0', "x") + entry("./b/", '5', "") + kEnd;
  EXPECT_FALSE(read_tar(tar).ok());
  EXPECT_EQ(read_tar(tar, LeadingDot::kDropped).value(), (FileTree{{"a", "x", false}}));
  for (const char* name : {".", "./", "././a", "./../a", "./"})
    EXPECT_FALSE(read_tar(entry(name, '0', "x") + kEnd, LeadingDot::kDropped).ok()) << name;
  EXPECT_FALSE(read_tar(entry("./a", '0', "x") + entry("A", '0', "y") + kEnd, LeadingDot::kDropped).ok());
}

TEST(TarAttack, X3_LinksAreNeverWrittenThrough) {
  for (char type : {'1', '2'})
    EXPECT_FALSE(read_tar(entry("a", type, "") + entry("a/passwd", '0', "x") + kEnd).ok()) << type;
  EXPECT_FALSE(read_tar(entry("a", '0', "x") + entry("a/b", '0', "y") + kEnd).ok()) << "a file that is a folder too";
  EXPECT_FALSE(read_tar(entry("a/b", '0', "y") + entry("a", '0', "x") + kEnd).ok());
}

TEST(TarAttack, X3_DevicesSparseFilesAndOldGnuFormsAreRefused) {
  for (char type : {'3', '4', '6', '7', 'S', 'D', 'M', 'V', 'K', 'L', 'N', 'A'})
    EXPECT_FALSE(read_tar(entry("a", type, "") + kEnd).ok()) << type;
}

TEST(TarAttack, X3_SizesThatAreNegativeOverflowOrLieAreRefused) {
  std::string base256("\x80\0\0\0\0\0\0\0\0\0\0\x01", 12);
  std::string negative(12, '\xff');
  for (std::string_view size : {std::string_view(base256), std::string_view(negative), std::string_view("-0000000001"),
                                std::string_view("77777777777"), std::string_view("9")})
    EXPECT_FALSE(read_tar(entry("a", '0', "x", size) + kEnd).ok());
}

TEST(TarAttack, X3_WhatIsCutOffOrGoesOnBehindItsEndIsRefused) {
  std::string good = entry("a", '0', "x") + kEnd;
  for (std::size_t size : {0u, 1u, 511u, 512u, 513u, 1024u}) EXPECT_FALSE(read_tar(good.substr(0, size)).ok()) << size;
  EXPECT_TRUE(read_tar(good + std::string(8192, '\0')).ok()) << "padding";
  EXPECT_FALSE(read_tar(good + good).ok()) << "another archive, which another reader may see";
  EXPECT_FALSE(read_tar(good + "x").ok());
}

TEST(TarAttack, X3_CompressedArchivesAreNotOpened) {
  std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  EXPECT_FALSE(read_tar(gzip + std::string(2048, '\0')).ok()) << "however small it is and however much comes out of it";
  EXPECT_FALSE(read_tar(gzip + std::string(100, 'x') + gzip + std::string(2048, 'x')).ok()) << "one behind the other";
  EXPECT_FALSE(read_tar("PK\x03\x04" + std::string(2048, 'x')).ok()) << "zip";
}

}  // namespace
}  // namespace pawl::format

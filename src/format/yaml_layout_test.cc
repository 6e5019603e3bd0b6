#include "format/yaml_layout.h"

#include <gtest/gtest.h>

#include "format/yaml.h"

// What kustomize 5.8.2 prints of such texts where a replacement changes a value inside of them.

namespace pawl::format {
namespace {

Value read_text(Arena& arena, const std::string& text) {
  return parse_yaml(arena, text, {.schema = YamlSchema::kText}).value().at(0);
}

std::string laid_out(const std::string& text) {
  Arena arena;
  Value value = read_text(arena, text);
  return YamlLayout::read(text).value().render(value);
}

struct Case {
  std::string name;
  std::string text;
  std::string expected;
};

class YamlLayouts : public testing::TestWithParam<Case> {};

TEST_P(YamlLayouts, StayAsTheyWere) {
  const Case& one = GetParam();
  EXPECT_EQ(laid_out(one.text), one.expected);
}

TEST_P(YamlLayouts, SayWhatTheySaid) {
  const Case& one = GetParam();
  Arena arena;
  std::string again = laid_out(one.text) + "\n";
  Value before = read_text(arena, one.text);
  Value after = read_text(arena, again);
  EXPECT_EQ(render_yaml(before), render_yaml(after));
  EXPECT_EQ(laid_out(again) + "\n", again);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, YamlLayouts,
    testing::Values(
        Case{"Quotes", "a: \"1\"\nb: '2'\n\"c\": d\n'e': \"it's\"\nf: 'it''s'\n",
             "a: \"1\"\nb: '2'\n\"c\": d\n'e': \"it's\"\nf: 'it''s'"},
        Case{"Brackets", "a: [1,  \"x\", {b: c}]\nd: {  }\ne: [localhost:80,\n  x]\n",
             "a: [1, \"x\", {b: c}]\nd: {}\ne: ['localhost:80', x]"},
        Case{"ListsUnderTheirKeys", "a:\n    - b: 1\n      c:\n          - 2\n    -   - 3\n        - 4\n",
             "a:\n- b: 1\n  c:\n  - 2\n- - 3\n  - 4"},
        Case{"Nothing", "a:\nb: ~\nc:\n  d:\n", "a:\nb: ~\nc:\n  d:"},
        Case{"Blocks", "a: |\n   one\n   # no comment\nb: |-\n  two\nc: >\n  folded\n  text\n\n  more\n",
             "a: |\n  one\n  # no comment\nb: |-\n  two\nc: >\n  folded text\n\n  more\n"},
        Case{"LinesInQuotes", "a: 'b\n\n  c'\nd: 1\n", "a: 'b\n\n  c'\nd: 1"},
        Case{"Comments",
             "# above a\na: 1   # behind a\nb:\n    # above c\n    c: [] # behind c\n    # above d\n    d: 2\n",
             "# above a\na: 1 # behind a\nb:\n  # above c\n  c: [] # behind c\n  # above d\n  d: 2"},
        Case{"CommentsOfElements", "a:\n  # one\n  - x # behind x\n  # two\n  # lines\n  - b: 1\n",
             "a:\n# one\n- x # behind x\n# two\n# lines\n- b: 1"},
        Case{"CommentBehindAKey", "a: # here\n  b: 1\n", "a: # here\n  b: 1"},
        Case{"EmptyLinesGo", "a: 1\n\n\nb: 2\n\n# above c\n\nc: 3\n", "a: 1\nb: 2\n# above c\nc: 3"},
        Case{"Foot", "a:\n  b: 1\n  # below b\n\n  c: 2\n  # below c\n\nd: 3\n",
             "a:\n  b: 1\n  # below b\n\n  c: 2\n  # below c\nd: 3"},
        Case{"CommentOfTheDocument", "# all of it\n\n# above a\na: 1\n\n# the end\n",
             "# all of it\n\n# above a\na: 1\n\n# the end"},
        Case{"HashInText", "a: x#y\nb: \"# no\"\nc: 'no # no' # yes\n", "a: x#y\nb: \"# no\"\nc: 'no # no' # yes"},
        Case{"BeyondAscii", "a: é # ä\nb: [ü] # ö\n", "a: é # ä\nb: [ü] # ö"}),
    [](const auto& one) { return one.param.name; });

struct Change {
  std::string name;
  std::string text;
  bool quoted = false;
  std::string to;
  std::string expected;
};

class YamlLayoutChanges : public testing::TestWithParam<Change> {};

TEST_P(YamlLayoutChanges, KeepWhatAValueWas) {
  const Change& one = GetParam();
  Arena arena;
  Value document = read_text(arena, one.text);
  Value& old = document.members()[0].value;
  Value value = Value::string(arena, one.to);
  value.set_quoted(one.quoted);
  value.set_at(old.at());
  old = value;
  EXPECT_EQ(YamlLayout::read(one.text).value().render(document), one.expected);
}

INSTANTIATE_TEST_SUITE_P(Values, YamlLayoutChanges,
                         testing::Values(Change{"Plain", "a: x # c\n", false, "y", "a: y # c"},
                                         Change{"Quoted", "a: 'x'\n", true, "it's", "a: 'it''s'"},
                                         Change{"TextThatIsANumber", "a: x\n", true, "7", "a: \"7\""},
                                         Change{"NumberByAnother", "a: 5\n", false, "7", "a: 7"},
                                         Change{"NumberByText", "a: 5\n", false, "x", "a: !!int x"},
                                         Change{"SwitchByText", "a: true\n", false, "x", "a: !!bool x"},
                                         Change{"TextWithIndicators", "a: x\n", false, "b: c", "a: 'b: c'"},
                                         Change{"SeveralLines", "a: x\nb: 1\n", false, "l\nm",
                                                "a: |-\n  l\n  m\nb: 1"}),
                         [](const auto& one) { return one.param.name; });

TEST(YamlLayout, KnowsNoAnchorsAliasesTagsOrBrokenText) {
  for (std::string text : {"a: &x 1\nb: *x\n", "a: !!str 1\n", "a: [1\n", "", "# nothing\n"})
    EXPECT_FALSE(YamlLayout::read(text).has_value()) << text;
}

TEST(YamlLayout, ReadsTheFirstDocumentAlone) {
  Arena arena;
  std::string text = "a: 1 # one\n---\nb: 2 # two\n";
  EXPECT_EQ(YamlLayout::read(text).value().render(read_text(arena, text)), "a: 1 # one");
}

}  // namespace
}  // namespace pawl::format

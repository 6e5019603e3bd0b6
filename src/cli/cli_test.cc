#include <gtest/gtest.h>

#include "cli/completion.h"
#include "cli/github.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "cli/print.h"
#include "cli/print_parts.h"
#include "cli/session.h"

namespace pawl::cli {
namespace {

using Words = std::vector<std::string>;

// A verb with one argument of each kind.
struct Fixture {
  std::string environment;
  std::string message;
  std::vector<std::string> layers;
  std::uint64_t limit = 7;
  bool pins = true;
  Globals globals;
  std::vector<Slot> global_slots = slots_of(globals);
  std::vector<Command> commands;

  Fixture() {
    Command command{
        {"audit log", api::Group::kOperate, api::Effect::kLooks, "what happened", "pawl audit log dev"}, {}, {}};
    Binder bind(command.slots);
    bind(environment, {.name = "environment", .names = api::Names::kEnvironment, .positional = true, .required = true});
    bind(message, {.name = "message", .letter = 'm'});
    bind(layers, {.name = "layer"});
    bind(limit, {.name = "limit"});
    bind(pins, {.name = "no-pin", .negates = true});
    commands.push_back(std::move(command));
  }
  Result<Parsed> parse(const Words& words) { return cli::parse(words, commands, global_slots); }
};

TEST(Parse, FillsFieldsHoweverTheyAreWritten) {
  Fixture f;
  ASSERT_TRUE(f.parse(
      {"-o", "json", "audit", "log", "dev", "-mwhy", "--layer=a", "--layer", "b", "--limit", "3", "--no-pin", "-y"}));
  EXPECT_EQ(f.environment, "dev");
  EXPECT_EQ(f.message, "why");
  EXPECT_EQ(f.layers, (Words{"a", "b"}));
  EXPECT_EQ(f.limit, 3u);
  EXPECT_FALSE(f.pins);
  EXPECT_TRUE(f.globals.yes);
  EXPECT_EQ(f.globals.output, "json");
}

TEST(Parse, BehindTwoDashesEverythingIsPositional) {
  Fixture f;
  ASSERT_TRUE(f.parse({"audit", "log", "--", "--limit"}));
  EXPECT_EQ(f.environment, "--limit");
}

TEST(Parse, BehindTwoDashesNothingIsAFlagThoughNoPlaceIsLeft) {
  Fixture f;
  EXPECT_FALSE(f.parse({"audit", "log", "dev", "--", "--yes"}));
  EXPECT_FALSE(f.globals.yes);
}

TEST(Parse, TakesEveryValueAsItWasTyped) {
  for (const char* value : {"", "++", "{}", "[a,b]", "[]", "--", "--limit=", "a=", "audit", "log", "%%"}) {
    Fixture f;
    ASSERT_TRUE(f.parse({"audit", "log", std::string("--message=") + value, "--layer", value, "--", value})) << value;
    EXPECT_EQ(f.message, value);
    EXPECT_EQ(f.layers, Words{value});
    EXPECT_EQ(f.environment, value);
  }
}

TEST(Parse, TakesAListOfWordsAsItWasTyped) {
  const Words typed = {"", "++", "[a,b]", "[]", "audit", "--", "--yes", "a="};
  Words words;
  std::vector<Command> commands(1);
  commands[0].verb.name = "help";
  Binder(commands[0].slots)(words, {.name = "topic", .positional = true});
  Words line = {"help", "--"};
  line.insert(line.end(), typed.begin(), typed.end());
  ASSERT_TRUE(parse(line, commands, {}));
  EXPECT_EQ(words, typed);
}

TEST(Parse, TheLastOfTwoValuesCounts) {
  Fixture f;
  ASSERT_TRUE(f.parse({"audit", "log", "dev", "--limit", "010", "-yo", "json", "-o", "name", "--limit", "10"}));
  EXPECT_EQ(f.limit, 10u);
  EXPECT_EQ(f.globals.output, "name");
  EXPECT_TRUE(f.globals.yes);
}

TEST(Parse, NumbersAreDecimal) {
  for (const char* value : {"0x10", "-3", " 3", "+3", "3 ", "18446744073709551616", ""}) {
    Fixture f;
    EXPECT_FALSE(f.parse({"audit", "log", "dev", "--limit", value})) << value;
    EXPECT_FALSE(f.parse({"audit", "log", "dev", std::string("--limit=") + value})) << value;
  }
}

TEST(Parse, SaysWhatIsWrongBeforeWhatIsMissing) {
  auto said = [](const Words& words) {
    Fixture f;
    Result<Parsed> parsed = f.parse(words);
    return parsed ? "" : parsed.error().message + "; " + parsed.error().hint;
  };
  EXPECT_EQ(said({"audit", "log", "--limt", "3"}), "pawl audit log has no flag \"--limt\"; did you mean \"--limit\"?");
  EXPECT_EQ(said({"audit", "lgo", "--help"}), "there is no verb \"audit lgo\"; did you mean \"pawl audit log\"?");
  EXPECT_EQ(said({"audti"}), "there is no verb \"audti\"; did you mean \"pawl audit\"?");
  EXPECT_EQ(said({"--limit", "3", "audit", "log", "dev"}), "--limit goes behind the verb; pawl audit log --help");
  EXPECT_EQ(said({"audit", "log"}), "pawl audit log wants ENVIRONMENT; pawl audit log dev");
}

TEST(Parse, RefusesWhatItCannotPlace) {
  for (const Words& words :
       {Words{"audit", "log"}, Words{"audit", "log", "dev", "more"}, Words{"audit", "log", "dev", "--limit"},
        Words{"audit", "log", "dev", "--limit", "3x"}, Words{"audit", "log", "dev", "--no-pin=yes"},
        Words{"audit", "log", "dev", "--limt", "3"}, Words{"audit", "lgo"}, Words{"adit"}}) {
    Fixture f;
    Result<Parsed> parsed = f.parse(words);
    ASSERT_FALSE(parsed) << words.back();
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
    EXPECT_FALSE(parsed.error().hint.empty());
  }
}

TEST(Parse, HelpAsksForNothingThatIsRequired) {
  Fixture f;
  Result<Parsed> parsed = f.parse({"audit", "log", "--help"});
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->help);
  parsed = f.parse({"audit"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->group, "audit");
}

TEST(Table, PadsToTheWidestCellAndLeavesNoTrailingSpaces) {
  EXPECT_EQ(table({{"A", "B", ""}, {"long", "", ""}, {"ä", "x", "y"}}), "A     B\nlong\nä     x  y\n");
}

TEST(Table, EscapesBeforeItPaints) {
  EXPECT_EQ(table({{Cell("\x1b[2J", Paint::kRed)}}, true), "\x1b[31m\\x1b[2J\x1b[0m\n");
}

TEST(Closing, PutsTheNextCommandInOneColumn) {
  EXPECT_EQ(closing("Short.", "pawl status"), "Short." + std::string(40, ' ') + "Next: pawl status\n");
  std::string sentence(60, 'x');
  EXPECT_EQ(closing(sentence, "pawl status"), sentence + "\n" + std::string(46, ' ') + "Next: pawl status\n");
}

std::string shown(const std::string& before, const std::string& after) {
  api::ChangesView changes{
      .objects = {{.object = "Deployment/web", .fields = {{"image", "changed", before, after, ""}}}}};
  return change_rows(changes)[0][2].text;
}

TEST(Changes, LeaveOutWhatTwoImagesHaveInCommon) {
  std::string one = std::string(64, '1');
  std::string two = std::string(64, '2');
  EXPECT_EQ(shown("r.io:5000/a/web:1@sha256:" + one, "r.io:5000/a/web:1@sha256:" + two),
            "...@sha256:111111111111 -> ...@sha256:222222222222");
  EXPECT_EQ(shown("r.io:5000/a/web:1@sha256:" + one, "r.io:5000/a/web:2@sha256:" + two),
            "...:1@sha256:111111111111 -> ...:2@sha256:222222222222");
  EXPECT_EQ(shown("r.io:5000/a/web@sha256:" + one, "r.io:5000/b/web@sha256:" + two),
            "r.io:5000/a/web@sha256:111111111111 -> r.io:5000/b/web@sha256:222222222222");
  EXPECT_EQ(shown("1", "2"), "1 -> 2");
}

TEST(Github, AnnotationsCannotBeForged) {
  Error error(ErrorCode::kNotFound, "a\n::error::b 100%");
  std::string text = github_annotations(error);
  EXPECT_EQ(text, "::error title=pawl%3A not-found::a%0A::error::b 100%25\n");
}

TEST(Github, ASummaryIsNotEndedByWhatItQuotes) {
  std::string text = github_summary("status", "```\n# forged\n", 0);
  EXPECT_TRUE(text.starts_with("````\n")) << text;
}

TEST(PrintError, NamesWhatItDidAndWhetherTryingAgainHelps) {
  Error error(ErrorCode::kUnavailable, "registry x: refused", "look at the network");
  error.within("locking image x/y:1");
  EXPECT_EQ(
      print_error(error, Terminal{}),
      "error: registry x: refused\n  while locking image x/y:1\nhelp: look at the network\nTrying again can help.\n");
}

TEST(Completion, KnowsVerbsFlagsAndNames) {
  Fixture f;
  auto list = [](std::string_view kind) { return kind == "environments" ? Words{"dev", "staging"} : Words{}; };
  auto ask = [&](const Words& words) { return complete(words, f.commands, f.global_slots, list); };
  EXPECT_EQ(ask({"au"}), Words{"audit"});
  EXPECT_EQ(ask({"audit", ""}), Words{"log\twhat happened"});
  EXPECT_EQ(ask({"audit", "log", "s"}), Words{"staging"});
  EXPECT_EQ(ask({"audit", "log", "--lim"}), Words{"--limit"});
  EXPECT_EQ(ask({"audit", "log", "-o", "j"}), Words{"json"});
  EXPECT_EQ(ask({"--output=y"}), Words{"--output=yaml"});
  EXPECT_EQ(ask({"--store", ""}), Words{":files"});
}

// The whole table.
TEST(Commands, EveryVerbHasASummaryAndExamples) {
  for (const Command& command : all_commands()) {
    if (is_hidden(command)) continue;
    EXPECT_FALSE(command.verb.summary.empty()) << command.verb.name;
    ASSERT_FALSE(command.verb.examples.empty()) << command.verb.name;
    EXPECT_NE(command.verb.examples.find("pawl " + std::string(command.verb.name)), std::string_view::npos);
  }
}

TEST(Commands, WhatChangesSomethingCanBeTriedDry) {
  for (const Command& command : all_commands()) {
    if (command.verb.effect != api::Effect::kChanges) continue;
    bool dry = false;
    for (const Slot& slot : command.slots) dry |= slot.argument.name == "dry-run";
    EXPECT_TRUE(dry) << command.verb.name;
  }
}

TEST(Commands, NoVerbTakesASecretByFlag) {
  for (const Command& command : all_commands()) {
    for (const Slot& slot : command.slots) {
      for (std::string_view word : {"pass", "secret", "token", "password"})
        EXPECT_EQ(slot.argument.name.find(word), std::string_view::npos) << command.verb.name;
    }
  }
}

}  // namespace
}  // namespace pawl::cli

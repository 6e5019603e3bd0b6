#include <gtest/gtest.h>

#include "core/model/test_project.h"

namespace pawl::model {

namespace {

using testing::errors_of;
using testing::with_environments;
using testing::with_spec;

std::string environment(const std::string& fields) {
  return with_environments("    - { name: dev }\n    - { name: prod, promotesFrom: dev, " + fields + " }\n");
}
std::string source(const std::string& fields) {
  return with_environments("    - name: dev\n") + "  sources: { app: { " + fields + " } }\n";
}
std::string layers(const std::string& list) {
  return with_spec("  layers: [" + list + "]\n  environments: [{ name: dev, target: { directory: live } }]\n");
}

TEST(ProjectAttack, AFileOfManyMistakesIsBounded) {
  std::string text = with_environments("    - name: dev\n");
  for (int i = 0; i < 3000; ++i) text += "  x" + std::to_string(i) + ": 1\n";
  Result<Project> parsed = testing::parse_text(text);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().diagnostics.size(), 500u);
  EXPECT_NE(parsed.error().diagnostics.back().help.find("the rest of this file is not shown"), std::string::npos);
}

TEST(ProjectAttack, P8_CyclicPipelineIsRefusedAndNamed) {
  std::string errors =
      errors_of(with_environments("    - { name: dev, promotesFrom: production }\n    - { name: staging, promotesFrom: "
                                  "dev }\n    - { name: production, promotesFrom: staging }\n"));
  EXPECT_EQ(errors,
            "pawl.yaml:8:34: error: environments promote in a circle: dev -> staging -> production -> dev\n"
            "   8 |     - { name: dev, promotesFrom: production }\n"
            "     |                                  ^~~~~~~~~~\n"
            "help: one of them must be the first\n");
  EXPECT_NE(errors_of(with_environments("    - { name: dev, promotesFrom: dev }\n")).find("circle: dev -> dev"),
            std::string::npos);
}

TEST(ProjectAttack, X8_ControlCharactersInNamesAreRefusedAndEscaped) {
  std::string errors = errors_of(with_environments("    - name: \"dev\\e[2J\\u202egnp\"\n") + "  \"sou\\nrces\": {}\n");
  EXPECT_NE(errors.find("environments[0].name cannot be \"dev\\x1b[2J\\u{202e}gnp\""), std::string::npos) << errors;
  EXPECT_NE(errors.find("unknown field \"sou\\nrces\" in spec"), std::string::npos) << errors;
  EXPECT_EQ(errors.find('\x1b'), std::string::npos);
  EXPECT_NE(errors_of(layers("{ name: a, manifests: \"x\\ny\" }")).find("holds control characters"), std::string::npos);
}

TEST(ProjectAttack, X9_WhatOtherProgramsWouldReadAsAnOptionIsRefused) {
  auto git = [](const std::string& fields) { return errors_of(environment("target: { git: { " + fields + " } }")); };
  const std::string kUrl = "url: \"https://h.example/a.git\", ";
  EXPECT_NE(git("url: \"--upload-pack=touch /tmp/x\", branch: b").find("it begins with -"), std::string::npos);
  EXPECT_NE(git("url: \"ext::sh -c x\", branch: b").find("git.url cannot be"), std::string::npos);
  EXPECT_NE(git("url: \"ext::sh\", branch: b").find("it names a remote helper"), std::string::npos);
  EXPECT_NE(git("url: \"ssh://-oProxyCommand=x/a\", branch: b").find("its host begins with -"), std::string::npos);
  EXPECT_NE(git("url: \"ssh://u@-oProxyCommand=x/a\", branch: b").find("its host begins with -"), std::string::npos);
  EXPECT_NE(git("url: \"u@-oProxyCommand=x:a\", branch: b").find("its host begins with -"), std::string::npos);
  EXPECT_NE(git("url: \"javascript://h/a\", branch: b").find("it must begin with https://"), std::string::npos);
  EXPECT_NE(git(kUrl + "branch: --upload-pack=x").find("it begins with -"), std::string::npos);
  EXPECT_NE(git(kUrl + "branch: \"a b\"").find("spaces or control characters"), std::string::npos);
  EXPECT_NE(git(kUrl + "branch: a..b").find("Git does not allow such a name"), std::string::npos);
  EXPECT_NE(git(kUrl + "branch: \"a:b\"").find("Git allows none of"), std::string::npos);
  EXPECT_NE(git(kUrl + "branch: b, path: ../x").find("leaves the project's folder"), std::string::npos);
  EXPECT_NE(git(kUrl + "branch: \"$(parameters.b)\"").find("there is no parameter \"b\""), std::string::npos);
  EXPECT_NE(errors_of(source("helm: web, repository: --plugin, version: 1.x")).find("it begins with -"),
            std::string::npos);
  EXPECT_NE(errors_of(source("helm: web, repository: \"https://h.example\", version: \"1; rm -rf /\""))
                .find("version cannot be"),
            std::string::npos);
  std::string password = errors_of(source("helm: web, repository: \"https://ada:s3cret@h.example\", version: 1.x"));
  EXPECT_NE(password.find("holds a password"), std::string::npos);
  EXPECT_EQ(password.find("s3cret"), std::string::npos);
  EXPECT_EQ(git(kUrl + "branch: releases/production"), "(no error)");
  EXPECT_EQ(git("url: \"git@git.example.com:acme/live.git\", branch: b"), "(no error)");
  EXPECT_EQ(git("url: ../live.git, branch: b"), "(no error)");
}

// A parameter is judged where it lands.
TEST(ProjectAttack, X9_ParametersCannotBringAnOptionIn) {
  std::string errors =
      errors_of(with_spec("  layers: [{ name: web, manifests: deploy }]\n"
                          "  environments:\n"
                          "    - name: dev\n"
                          "      parameters: { branch: --upload-pack=x, folder: ../.. }\n"
                          "      target: { git: { url: \"https://h.example/a\", branch: $(parameters.branch), path: "
                          "a/$(parameters.folder) } }\n"));
  EXPECT_NE(errors.find("branch cannot be \"--upload-pack=x\""), std::string::npos) << errors;
  EXPECT_NE(errors.find("\"a/../..\" leaves the project's folder"), std::string::npos) << errors;
}

// A path that leaves the project is refused before anybody opens it.
TEST(ProjectAttack, PathsOutsideAreNotRead) {
  std::vector<std::string> opened;
  std::vector<ProjectFile> files = {
      {"pawl.yaml", with_environments("    - name: dev\n") +
                        "  people: { ada: ../../etc/shadow, alan: [/etc/shadow, keys/alan.pub, keys/../../x] }\n"
                        "  trust: { release: ../ci.pub }\n"}};
  Result<Project> parsed = parse_project(files, [&](const std::string& path) {
    opened.push_back(path);
    return testing::read_key(path);
  });
  EXPECT_EQ(opened, std::vector<std::string>{"keys/alan.pub"});
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().message, "4 errors");
}

TEST(ProjectAttack, PasswordsInUrlsAreRefusedAndNotShown) {
  std::string errors =
      errors_of(environment("target: { git: { url: \"https://bot:hunter2@h.example/a.git\", branch: b } }"));
  EXPECT_NE(errors.find("target.git.url holds a password"), std::string::npos) << errors;
  EXPECT_EQ(errors.find("hunter2"), std::string::npos) << errors;
}

// A chain this long would exhaust the stack of whoever follows it.
TEST(ProjectAttack, EndlessPipelinesAreRefused) {
  std::string environments = "    - name: e0\n";
  for (int i = 1; i <= 1000; ++i) {
    environments += "    - { name: e" + std::to_string(i) + ", promotesFrom: e" + std::to_string(i - 1) + " }\n";
  }
  EXPECT_NE(errors_of(with_environments(environments)).find("1001 environments; at most 1000"), std::string::npos);
  std::string list = "{ name: l0, manifests: m }";
  for (int i = 1; i <= 1000; ++i) {
    list += ", { name: l" + std::to_string(i) + ", manifests: m, dependsOn: l" + std::to_string(i - 1) + " }";
  }
  EXPECT_NE(errors_of(layers(list)).find("1001 layers; at most 1000"), std::string::npos);
}

}  // namespace

}  // namespace pawl::model

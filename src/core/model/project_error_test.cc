#include <gtest/gtest.h>

#include "core/model/test_project.h"

namespace pawl::model {

namespace {

using testing::errors_of;
using testing::warnings_of;
using testing::with_environments;
using testing::with_spec;

// What people see, word for word.

TEST(ProjectErrors, UnknownFieldSaysWhatWasMeant) {
  EXPECT_EQ(errors_of(with_environments("    - name: dev\n"
                                        "    - name: staging\n"
                                        "      promotesFrom: [dev]\n"
                                        "      gate:\n"
                                        "        - soak: 30m\n")),
            "pawl.yaml:11:7: error: unknown field \"gate\" in environments[1]\n"
            "  11 |       gate:\n"
            "     |       ^~~~ did you mean \"gates\"?\n"
            "help: pawl explain environments\n");
}

TEST(ProjectErrors, EveryErrorOfEveryFileAtOnceSorted) {
  std::vector<ProjectFile> files = {{"pawl.yaml", with_spec("  layers: [{ name: web, manifest: deploy }]\n"
                                                            "  environments:\n"
                                                            "    - { name: Dev, target: { directory: live/dev } }\n")},
                                    {"envs/prod.yaml",
                                     "apiVersion: pawl.dev/v1alpha1\n"
                                     "kind: Environment\n"
                                     "metadata: { name: prod }\n"
                                     "spec:\n"
                                     "  promotesFrom: dve\n"
                                     "  target: { directroy: live/prod }\n"}};
  Result<Project> parsed = parse_project(files, testing::read_key);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(parsed.error().message, "5 errors");
  EXPECT_EQ(render_diagnostics(parsed.error().diagnostics),
            "envs/prod.yaml:5:17: error: promotesFrom names \"dve\", which is no environment\n"
            "   5 |   promotesFrom: dve\n"
            "     |                 ^~~ did you mean \"Dev\"?\n"
            "envs/prod.yaml:6:13: error: unknown field \"directroy\" in spec.target\n"
            "   6 |   target: { directroy: live/prod }\n"
            "     |             ^~~~~~~~~ did you mean \"directory\"?\n"
            "help: pawl explain environments.target\n"
            "pawl.yaml:5:12: error: layers[0] must have exactly one input: manifests, kustomize or helm\n"
            "   5 |   layers: [{ name: web, manifest: deploy }]\n"
            "     |            ^\n"
            "help: pawl explain layers\n"
            "pawl.yaml:5:25: error: unknown field \"manifest\" in layers[0]\n"
            "   5 |   layers: [{ name: web, manifest: deploy }]\n"
            "     |                         ^~~~~~~~ did you mean \"manifests\"?\n"
            "help: pawl explain layers\n"
            "pawl.yaml:7:15: error: environments[0].name cannot be \"Dev\"\n"
            "   7 |     - { name: Dev, target: { directory: live/dev } }\n"
            "     |               ^~~\n"
            "help: it must be a-z, 0-9 and -, at most 63, beginning and ending with a letter or digit\n");
}

TEST(ProjectErrors, WrongTypes) {
  EXPECT_EQ(errors_of(with_environments("    - name: dev\n"
                                        "      purpose: 1.0\n"
                                        "      gates: soak\n"
                                        "      labels: { tier: 1 }\n")),
            "pawl.yaml:9:16: error: environments[0].purpose is a number; a string is expected\n"
            "   9 |       purpose: 1.0\n"
            "     |                ^\n"
            "help: put it in quotes\n"
            "pawl.yaml:10:14: error: environments[0].gates is a string; a list is expected\n"
            "  10 |       gates: soak\n"
            "     |              ^~~~\n"
            "pawl.yaml:11:23: error: environments[0].labels.tier is a whole number; a string is expected\n"
            "  11 |       labels: { tier: 1 }\n"
            "     |                       ^\n"
            "help: put it in quotes\n");
}

TEST(ProjectErrors, MissingParameterStandsWhereItIsAskedFor) {
  EXPECT_EQ(errors_of(with_spec("  layers: [{ name: web, manifests: deploy }]\n"
                                "  environments:\n"
                                "    - name: dev\n"
                                "      target: { directory: live/$(parameters.region) }\n")),
            "pawl.yaml:8:28: error: there is no parameter \"region\" in environment dev\n"
            "   8 |       target: { directory: live/$(parameters.region) }\n"
            "     |                            ^~~~~~~~~~~~~~~~~~~~~~~~~\n"
            "help: add it under parameters:, of the project or of the environment\n");
}

TEST(ProjectErrors, DefaultsAreWrongOnce) {
  EXPECT_EQ(
      errors_of(with_spec("  layers: [{ name: web, manifests: deploy }]\n"
                          "  defaults: { target: { directory: live/$(environment) }, onFailure: rolback }\n"
                          "  environments: [{ name: dev }, { name: prod, promotesFrom: dev }]\n")),
      "pawl.yaml:6:70: error: environments[0].onFailure cannot be \"rolback\"\n"
      "   6 |   defaults: { target: { directory: live/$(environment) }, onFailure: rolback }\n"
      "     |                                                                      ^~~~~~~ did you mean \"rollback\"?\n"
      "help: one of: rollback, nothing\n");
}

// A case is a project file and what must be said about it. One that is said is enough: texts above are exact.
struct Case {
  const char* name;
  std::string text;
  std::vector<const char*> said;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class ProjectErrorTable : public ::testing::TestWithParam<Case> {};

TEST_P(ProjectErrorTable, IsSaid) {
  std::string errors = errors_of(GetParam().text);
  for (const char* said : GetParam().said)
    EXPECT_NE(errors.find(said), std::string::npos) << said << "\nin:\n" << errors;
}

std::string environment(const std::string& fields) {
  return with_environments("    - { name: dev }\n    - { name: prod, promotesFrom: dev, " + fields + " }\n");
}
std::string source(const std::string& fields) {
  return with_environments("    - name: dev\n") + "  sources: { app: { " + fields + " } }\n";
}
std::string layers(const std::string& list) {
  return with_spec("  layers: [" + list + "]\n  environments: [{ name: dev, target: { directory: live } }]\n");
}
std::string window(const std::string& schedule, const std::string& zone = "UTC") {
  return environment("gates: [{ window: { schedule: \"" + schedule + "\", duration: 1h, timeZone: \"" + zone +
                     "\" } }]");
}
std::string with_people(const std::string& rest) {
  return with_spec(
      "  layers: [{ name: web, manifests: deploy }]\n"
      "  people: { ada: keys/ada.pub, alan: keys/alan.pub, grace: keys/grace.pub }\n"
      "  defaults: { target: { directory: live/$(environment) } }\n" +
      rest);
}
std::string approval(const std::string& gate, const std::string& rest) {
  return with_people("  environments: [{ name: dev, gates: [{ approval: " + gate + " }] }]\n" + rest);
}

const Case kCases[] = {
    {"NoProject",
     "apiVersion: pawl.dev/v1alpha1\nkind: Environment\nmetadata: { name: dev }\nspec: {}\n",
     {"no document of kind Project"}},
    {"WrongVersion",
     "apiVersion: pawl.dev/v9\nkind: Project\nmetadata: { name: a }\nspec: { layers: [] }\n",
     {"apiVersion must be pawl.dev/v1alpha1"}},
    {"WrongKind",
     "apiVersion: pawl.dev/v1alpha1\nkind: Stage\nmetadata: { name: a }\nspec: {}\n",
     {"kind must be Project or Environment"}},
    {"EnvelopeField",
     with_environments("    - name: dev\n") + "specs: {}\n",
     {"unknown field \"specs\"", "did you mean \"spec\"?"}},
    {"NoLayers",
     with_spec("  environments: [{ name: dev, target: { directory: live } }]\n"),
     {"spec has no \"layers\""}},
    {"NoEnvironments",
     with_spec("  layers: [{ name: web, manifests: deploy }]\n"),
     {"a project has at least one environment"}},
    {"NoTarget",
     with_spec("  layers: [{ name: web, manifests: deploy }]\n  environments: [{ name: dev }]\n"),
     {"environments[0] has no \"target\""}},
    {"DuplicateKey",
     with_environments("    - { name: dev, purpose: a, purpose: b }\n"),
     {"key \"purpose\" stands twice"}},
    {"TwoProjects",
     with_environments("    - name: dev\n") + "---\n" + with_environments("    - name: dev\n"),
     {"a second document of kind Project"}},

    {"UnknownUpstream",
     with_environments("    - name: dev\n    - { name: prod, promotesFrom: [dve] }\n"),
     {"promotesFrom names \"dve\"", "did you mean \"dev\"?"}},
    {"TwoEnvironmentsOneName",
     with_environments("    - name: dev\n    - { name: dev, target: { directory: other } }\n"),
     {"two environments named \"dev\""}},
    {"SoakOnARoot",
     with_environments("    - { name: dev, gates: [{ soak: 1h }] }\n"),
     {"pawl.yaml:8:36: error: dev promotes from nowhere, so its gate \"soak\" could never pass"}},
    {"UpstreamOnARoot",
     with_environments("    - { name: dev, gates: [{ upstream: any }] }\n"),
     {"its gate \"upstream\" could never pass"}},
    {"TwoGatesInOne",
     environment("gates: [{ soak: 1h, upstream: any }]"),
     {"environments[1].gates[0] must have exactly one key: upstream, soak, approval, window"}},
    {"UnknownGate", environment("gates: [{ soack: 1h }]"), {"unknown field \"soack\"", "did you mean \"soak\"?"}},
    {"BadDuration",
     environment("gates: [{ soak: 1 hour }]"),
     {"environments[1].gates[0].soak is \"1 hour\"; a duration is expected"}},
    {"NumberAsDuration",
     environment("gates: [{ soak: 30 }]"),
     {"environments[1].gates[0].soak is a whole number; a duration is expected"}},
    {"RollbackObeysNoGate",
     environment("rollbackObeys: [windows]"),
     {"environments[1].rollbackObeys cannot be \"windows\"", "did you mean \"window\"?"}},
    {"TwoChecksOneName",
     environment("verification: [{ name: a, command: [x] }, { name: a, command: [y] }]"),
     {"two checks named \"a\""}},
    {"CheckWithoutCommand",
     environment("verification: [{ name: a, command: [] }]"),
     {"verification[0].command is empty"}},

    {"CronOfFourFields", window("0 9 * *"), {"window.schedule cannot be \"0 9 * *\"", "it needs five fields"}},
    {"CronMinute60", window("60 9 * * *"), {"\"60\" is no minute (0 to 59)"}},
    {"CronHour24", window("0 24 * * *"), {"\"24\" is no hour (0 to 23)"}},
    {"CronDay0", window("0 9 0 * *"), {"\"0\" is no day (1 to 31)"}},
    {"CronMonthName", window("0 9 * january *"), {"\"january\" is no month (1 to 12)"}},
    {"CronBackwards", window("0 17-9 * * *"), {"\"17-9\" is no hour"}},
    {"CronStep0", window("*/0 * * * *"), {"\"*/0\" is no minute"}},
    {"CronEmptyPart", window("1,,2 * * * *"), {"\"\" is no minute"}},
    {"ZoneAbbreviation", window("0 9 * * *", "CEST"), {"timeZone cannot be \"CEST\"", "Europe/Berlin"}},
    {"ZoneTraversal", window("0 9 * * *", "../../etc/passwd"), {"timeZone cannot be \"../../etc/passwd\""}},

    {"SameDirectory",
     with_environments("    - { name: dev, target: { directory: live } }\n    - { name: prod, promotesFrom: dev, "
                       "target: { directory: live/ } }\n"),
     {"dev and prod have one target, directory:live"}},
    {"DirectoryInDirectory",
     with_environments("    - { name: dev, target: { directory: live/dev } }\n    - { name: prod, promotesFrom: dev, "
                       "target: { directory: live } }\n"),
     {"the targets of dev and prod lie one inside the other"}},
    {"SameBranch",
     with_environments(
         "    - { name: dev, target: { git: { url: \"https://h.example/a.git\", branch: b } } }\n    - { name: prod, "
         "promotesFrom: dev, target: { git: { url: \"https://h.example/a\", branch: b } } }\n"),
     {"dev and prod have one target"}},
    {"FolderOfTheSameBranch",
     with_environments(
         "    - { name: dev, target: { git: { url: \"https://h.example/a.git\", branch: b } } }\n    - { name: prod, "
         "promotesFrom: dev, target: { git: { url: \"https://h.example/a.git\", branch: b, path: p } } }\n"),
     {"the targets of dev and prod lie one inside the other"}},
    {"TargetIsTheProject", environment("target: { directory: . }"), {"\".\" cannot be a target"}},
    {"TargetInGit", environment("target: { directory: .git/hooks }"), {"\".git/hooks\" cannot be a target"}},
    {"TargetOutside", environment("target: { directory: ../live }"), {"leaves the project's folder"}},
    {"TwoTargets",
     environment("target: { directory: a, git: { url: x, branch: y } }"),
     {"must have exactly one key: directory, git"}},

    {"LayerWithoutName", layers("{ manifests: deploy }"), {"layers[0] has neither a name nor a split"}},
    {"LayerWithNameAndSplit",
     layers("{ name: a, manifests: deploy, split: [{ name: b }] }"),
     {"layers[0] has a name and a split"}},
    {"LayerTwoInputs",
     layers("{ name: a, manifests: deploy, kustomize: k }"),
     {"layers[0] must have exactly one input"}},
    {"LayerOutside",
     layers("{ name: a, manifests: deploy/../../x }"),
     {"layers[0].manifests: \"deploy/../../x\" leaves the project's folder"}},
    {"LayerAbsolute", layers("{ name: a, kustomize: /etc }"), {"\"/etc\" is absolute"}},
    {"LayerTwice",
     layers("{ name: a, manifests: x }, { kustomize: y, split: [{ name: a }] }"),
     {"two layers named \"a\""}},
    {"LayerDependsOnNone",
     layers("{ name: web, manifests: x }, { name: b, manifests: y, dependsOn: [wbe] }"),
     {"layers[1].dependsOn names \"wbe\", which is no layer", "did you mean \"web\"?"}},
    {"LayerCycle",
     layers("{ name: a, manifests: x, dependsOn: b }, { name: b, manifests: y, dependsOn: c }, { name: c, manifests: "
            "z, dependsOn: b }"),
     {"layers wait for each other: b -> c -> b"}},
    {"LayerOfItself",
     layers("{ manifests: x, dependsOn: b, split: [{ name: b }] }"),
     {"layers wait for each other: b -> b"}},
    {"LayerTier",
     layers("{ name: a, manifests: x, tier: infra }"),
     {"layers[0].tier cannot be \"infra\"", "one of: infrastructure, platform, application"}},
    {"LayerFieldShape",
     layers("{ name: a, manifests: x, images: { name: y } }"),
     {"layers[0].images is a map; a list is expected"}},
    {"SplitTakesAllEarly",
     layers("{ manifests: x, split: [{ name: a }, { name: b }] }"),
     {"\"a\" takes all that is left"}},

    {"SourceOfNothing", source("version: 1.x"), {"sources.app must have exactly one of image, oci, git, helm, files"}},
    {"SourceTwice", source("image: a/b, oci: a/c, version: 1.x"), {"must have exactly one of"}},
    {"SourceWithoutVersion", source("image: ghcr.io/a/b"), {"sources.app must say which version is wanted, once"}},
    {"SourceBranchAndTag",
     source("git: \"https://h.example/a\", branch: b, tag: c"),
     {"must say which version is wanted, once"}},
    {"SourceImageWithTag", source("image: \"ghcr.io/a/b:1\", version: 1.x"), {"sources.app.image names a version"}},
    {"SourceForeignField",
     source("image: ghcr.io/a/b, version: 1.x, branch: main"),
     {"sources.app.branch belongs to a git source"}},
    {"SourceHelmWithoutRepository", source("helm: web, version: 1.x"), {"must say which repository the chart is in"}},
    {"SourceHelmTwice",
     source("helm: \"oci://h.example/web\", repository: \"https://h.example\", version: 1.x"),
     {"names two repositories"}},
    {"SourceHelmOfNoScheme",
     source("helm: web, repository: h.example, version: 1.x"),
     {"sources.app.repository is neither an https:// nor an oci:// URL"}},
    {"SourceHelmWithTag",
     source("helm: \"oci://h.example/web:1\", version: 1.x"),
     {"sources.app.helm names a version"}},
    {"SourceHelmWithPath",
     source("helm: a/web, repository: \"https://h.example\", version: 1.x"),
     {"sources.app.helm is no chart's name"}},
    {"SourceShortCommit", source("git: \"https://h.example/a\", commit: abc123"), {"commit cannot be \"abc123\""}},

    {"UnknownApprover", approval("{ from: [adda] }", ""), {"approval.from names \"adda\"", "did you mean \"ada\"?"}},
    {"UnknownMember",
     approval("{ from: sre }", "  groups: { sre: [ada, alan, gracie] }\n"),
     {"groups.sre names \"gracie\", who is not in people", "did you mean \"grace\"?"}},
    {"UnknownInAllow",
     with_people("  environments: [{ name: dev, allow: { promote: [sree] } }]\n  groups: { sre: [ada] }\n"),
     {"allow.promote names \"sree\"", "did you mean \"sre\"?"}},
    {"UnknownVerb",
     with_people("  environments: [{ name: dev, allow: { promot: [ada] } }]\n"),
     {"unknown field \"promot\" in environments[0].allow", "did you mean \"promote\"?"}},
    {"NobodyMay",
     with_people("  environments: [{ name: dev }]\n  allow: { apply: [] }\n"),
     {"allow.apply names nobody"}},
    {"PersonAndGroup",
     with_people("  environments: [{ name: dev }]\n  groups: { ada: [alan] }\n"),
     {"\"ada\" is a person and a group"}},
    {"QuorumTooLarge",
     approval("{ count: 3, from: [ada, ada, alan] }", ""),
     {"3 approvals are wanted, but only 2 may give one"}},
    {"QuorumOfTheAskers",
     approval("{ count: 2, from: sre }", "  groups: { sre: [ada, alan] }\n  allow: { promote: sre }\n"),
     {"2 approvals of 2 can never be had"}},
    {"QuorumOfEverybody",
     approval("{ count: 3, from: [ada, alan, grace] }", ""),
     {"3 approvals of 3 can never be had"}},
    {"QuorumZero", approval("{ count: 0, from: [ada] }", ""), {"approval.count must be a whole number from 1"}},
    {"KeyMissing",
     with_spec("  layers: [{ name: a, manifests: x }]\n  environments: [{ name: dev, target: { directory: l } }]\n  "
               "people: { ada: nokeys/ada.pub }\n"),
     {"people.ada: there is no file nokeys/ada.pub"}},
    {"KeyOfTwo",
     with_spec("  layers: [{ name: a, manifests: x }]\n  environments: [{ name: dev, target: { directory: l } }]\n  "
               "people: { ada: keys/a.pub, alan: keys/a.pub }\n"),
     {"ada and alan have the same key"}},
    {"SubjectOfTwo",
     with_spec("  layers: [{ name: a, manifests: x }]\n  environments: [{ name: dev, target: { directory: l } }]\n"
               "  people: { ada: { subjects: [\"i s\"] }, alan: { subjects: [\"i s\"] } }\n"),
     {"ada and alan have the same subject"}},
    {"AbsoluteTargetsAreOneToo",
     with_environments("    - { name: dev, target: { directory: /srv/live/ } }\n"
                       "    - { name: prod, promotesFrom: dev, target: { directory: /srv/./live } }\n"),
     {"dev and prod have one target, directory:/srv/live"}},
    {"AbsoluteTargetGoingUp", environment("target: { directory: /srv/../etc }"), {"leaves the project's folder"}},
    {"TrustRole",
     with_environments("    - name: dev\n") + "  trust: { releases: keys/ci.pub }\n",
     {"unknown role \"releases\" in trust", "did you mean \"release\"?"}},
};

INSTANTIATE_TEST_SUITE_P(Cases, ProjectErrorTable, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

TEST(ProjectWarnings, AreNoErrors) {
  EXPECT_EQ(
      warnings_of(with_environments("    - name: dev\n    - { name: prod, promotesFrom: dev }\n    - name: lab\n") +
                  "  groups: { sre: [] }\n"),
      "pawl.yaml:10:13: warning: nothing leads to lab or away from it: it takes any release\n"
      "  10 |     - name: lab\n"
      "     |             ^~~\n"
      "help: say promotesFrom if it belongs to the pipeline\n"
      "pawl.yaml:11:18: warning: group \"sre\" is used nowhere\n"
      "  11 |   groups: { sre: [] }\n"
      "     |                  ^\n");
  std::string quorum = warnings_of(approval("{ count: 2, from: [ada, alan] }", ""));
  EXPECT_NE(quorum.find("warning: all 2 approvers must agree, so what ada, alan ask for could never pass"),
            std::string::npos)
      << quorum;
  EXPECT_EQ(warnings_of(approval("{ count: 2, from: [ada, alan] }", "  allow: { promote: grace }\n")), "");
  EXPECT_EQ(warnings_of(approval("{ count: 2, from: [ada, alan, grace] }", "")), "");
}

// An environment in a file of its own sees `defaults` that stand elsewhere.
TEST(ProjectErrors, DefaultsOfAnotherFileArePointedOutAtTheEnvironment) {
  std::vector<ProjectFile> files = {
      {"pawl.yaml", with_spec("  layers: [{ name: web, manifests: deploy }]\n"
                              "  defaults: { target: { directory: live/$(parameters.region) } }\n")},
      {"dev.yaml",
       "apiVersion: pawl.dev/v1alpha1\nkind: Environment\nmetadata: { name: dev }\nspec:\n  purpose: try\n"}};
  Result<Project> parsed = parse_project(files, testing::read_key);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(render_diagnostics(parsed.error().diagnostics),
            "dev.yaml:5:3: error: there is no parameter \"region\" in environment dev\n"
            "   5 |   purpose: try\n"
            "     |   ^\n"
            "help: add it under parameters:, of the project or of the environment\n");
}

}  // namespace

}  // namespace pawl::model

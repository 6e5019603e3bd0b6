// Each invariant can hold and can fail: a small world by hand.
#include "tests/sim/invariants.h"

#include <gtest/gtest.h>

#include "adapters/memory/blobs.h"
#include "adapters/memory/signer.h"
#include "core/bundle/build.h"
#include "core/model/referrer.h"
#include "core/model/statement.h"
#include "core/plan/codec.h"
#include "format/json.h"
#include "tests/sim/setting.h"

namespace pawl::sim {
namespace {

using model::EnvironmentName;

constexpr std::string_view kProject = R"(apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: sim }
spec:
  layers:
    - { name: app, manifests: app }
  defaults:
    target: { directory: live/$(environment) }
    verification:
      - { name: smoke, command: ["true"] }
  environments:
    - name: dev
    - name: production
      promotesFrom: [dev]
      gates:
        - soak: 10m
GATES)";

const EnvironmentName kDev("dev");
const EnvironmentName kProduction("production");

class InvariantTest : public testing::Test {
 protected:
  memory::Blobs blobs_;
  Outside outside_{Documents([this](const Digest& digest) -> std::optional<std::string> {
                     Result<std::string> bytes = blobs_.get(Context{}, digest, limits::kBlobBytes);
                     if (!bytes) return std::nullopt;
                     return std::move(*bytes);
                   }),
                   {},
                   {},
                   {},
                   {},
                   {},
                   kNever,
                   {memory::Signer::key_of("release").public_key()},
                   {},
                   "",
                   ""};
  static constexpr const char* kNever = "correct-horse";
  Book book_;
  Time now_ = parse_time("2026-01-01T00:00:00Z").value();
  std::uint64_t epoch_ = 0;
  std::string policies_;  // their files' text; "": none
  Digest bundle_ = store_bundle(kDev, "image: app:1@sha256:abc\n");
  Digest release_ = store_release();
  Digest configuration_ = store_configuration("");

  Digest put(std::string_view type, std::string_view bytes) { return blobs_.put(Context{}, type, bytes)->digest; }

  Digest store_bundle(const EnvironmentName& environment, const std::string& yaml) {
    model::Descriptor layer = *blobs_.put(Context{}, model::kLayerType, yaml);
    model::Bundle bundle{model::ProjectName("sim"),
                         environment,
                         {{model::LayerName("app"), model::Tier::kApplication, {}, layer, 1}},
                         model::describe(model::kInventoryType, ""),
                         {}};
    return put(model::kManifestType, model::encode_bundle(bundle));
  }
  Digest store_release() {
    model::Release release{model::ProjectName("sim"), model::describe(model::kManifestType, "snapshot"), {}};
    release.bundles.push_back({kDev, described(bundle_)});
    release.bundles.push_back({kProduction, described(store_bundle(kProduction, "image: app:1@sha256:abc\n"))});
    return put(model::kIndexType, model::encode_release(release));
  }
  model::Descriptor described(const Digest& digest) {
    return model::describe(model::kManifestType, blobs_.get(Context{}, digest, limits::kBlobBytes).value());
  }
  Digest production_bundle() { return outside_.documents.release(release_)->find(kProduction)->bundle.digest; }
  Digest store_configuration(const std::string& more) {
    std::string text(kProject);
    text.replace(text.find("GATES"), 5, more);
    std::vector<model::ProjectFile> files = {{"pawl.yaml", text}};
    auto read_key = [](const std::string& path) -> Result<std::string> {
      return memory::Signer::key_of(path == "keys/ada.pub" ? "ada" : "grace").public_key().pem();
    };
    model::Project project = model::parse_project(files, read_key).value();
    format::Arena arena;
    if (!policies_.empty())
      project.configuration.policies.push_back({"own", "policies", "", put("application/x-tar", policies_)});
    return put("application/json", format::canonical_json(model::encode(project.configuration, arena)).value());
  }

  // What the invariant says about `event` now, without taking it in.
  std::string ask(Invariant invariant, plan::Event event,
                  model::Actor actor = {"local", "local:sim", "unauthenticated"}) {
    plan::Entry entry{model::ProjectName("sim"), now_, actor, std::move(event)};
    return invariant.broken({book_, &entry, outside_});
  }
  std::string ask(Invariant invariant) { return invariant.broken({book_, nullptr, outside_}); }
  void take(plan::Event event, model::Actor actor = {"local", "local:sim", "unauthenticated"}) {
    now_ += std::chrono::seconds(1);
    book_.take({model::ProjectName("sim"), now_, std::move(actor), std::move(event)});
  }
  static model::Actor key_of(const char* person) {
    return {"key", memory::Signer::key_of(person).public_key().id(), "signature"};
  }

  plan::PromotionOpened opened(const EnvironmentName& environment, const Digest& bundle,
                               plan::PromotionKind kind = plan::PromotionKind::kPromote) {
    std::optional<Digest> from;
    if (const auto& head = book_.place(environment).head) from = head->bundle;
    return {book_.newest_promotion() + 1,
            kind,
            environment,
            bundle,
            1,
            from,
            {},
            bundle,
            configuration_,
            "local:sim",
            "why"};
  }
  plan::PromotionStarted started(const EnvironmentName& environment) {
    std::optional<Digest> from;
    if (const auto& head = book_.place(environment).head) from = head->bundle;
    return {book_.newest_promotion(), 1, book_.place(environment).epoch + 1, from, {}};
  }
  void cut() {
    take(plan::ConfigurationApplied{configuration_, std::nullopt, false});
    take(plan::ReleaseCut{1, "1", release_, Digest(crypto::sha256("snapshot")), release_});
  }
  // A promotion up to and with its applied entry, and the target that it fills.
  void apply(const EnvironmentName& environment, const Digest& bundle) {
    take(opened(environment, bundle));
    plan::PromotionStarted start = started(environment);
    take(start);
    take(plan::PromotionApplied{start.number, 1, start.epoch});
    outside_.targets["directory:live/" + environment.str()] = {
        ports::Receipt{"sim", environment.str(), bundle, start.epoch, start.number},
        {{"app", "image: app:1@sha256:abc\n"}},
        false};
  }
  void verify(std::uint64_t number) {
    const model::Configuration* configuration = outside_.documents.configuration(configuration_);
    take(plan::PromotionFinished{
        number, 1, 1, plan::Outcome::kSucceeded, "", {}, model::digest_of_checks(*configuration->find(kDev))});
  }
  Digest attest(const Digest& bundle, const char* key, const char* says) {
    model::Statement statement{.predicate_type = std::string(model::kTestResultPredicate)};
    statement.subjects.push_back({"dev/1", bundle});
    format::Value predicate = format::Value::map();
    predicate.set(*statement.predicate.arena, "result", says);
    statement.predicate.root = predicate;
    return blobs_
        .attach(Context{}, described(bundle), model::kSigstoreBundleType,
                model::sign_statement(statement, memory::Signer::key_of(key)))
        ->digest;
  }
};

TEST_F(InvariantTest, NothingIsResolvedAfterTheLock) {
  const Invariant& invariant = kInvariants[0];
  EXPECT_EQ(ask(invariant, plan::ReleaseCut{1, "1", release_, release_, release_}), "");
  outside_.heard = {{"release", true, "", 3, false, {"sources.resolve_image"}},
                    {"promote", true, "", 3, false, {"blobs.get"}}};
  EXPECT_EQ(ask(invariant), "");
  outside_.heard[1].ports.insert("sources.resolve_image");
  EXPECT_NE(ask(invariant), "");
  bundle_ = store_bundle(kDev, "image: app:1\n");
  EXPECT_NE(ask(invariant, plan::ReleaseCut{1, "1", store_release(), release_, release_}), "");
}

TEST_F(InvariantTest, ABundleIsAFunctionOfSnapshotAndEnvironment) {
  const Invariant& invariant = kInvariants[1];
  EXPECT_EQ(ask(invariant, plan::ReleaseCut{1, "1", release_, bundle_, bundle_}), "");
  EXPECT_EQ(ask(invariant, plan::ReleaseCut{2, "2", release_, bundle_, bundle_}), "");
  EXPECT_NE(ask(invariant, plan::ReleaseCut{3, "3", bundle_, bundle_, bundle_}), "");
}

TEST_F(InvariantTest, AHeadMovesOnlyByCompareAndSwap) {
  const Invariant& invariant = kInvariants[2];
  cut();
  EXPECT_EQ(ask(invariant, opened(kDev, bundle_)), "");
  apply(kDev, bundle_);
  EXPECT_EQ(ask(invariant), "");
  EXPECT_EQ(ask(invariant, opened(kDev, bundle_)), "");
  plan::PromotionOpened stale = opened(kDev, bundle_);
  stale.from = std::nullopt;
  EXPECT_NE(ask(invariant, stale), "") << "another head";
  EXPECT_NE(ask(invariant, plan::PromotionApplied{1, 1, 1}), "") << "twice";
  EXPECT_EQ(ask(invariant, plan::PromotionFinished{1, 1, 1, plan::Outcome::kFailed, "", {}, std::nullopt}), "");
  take(plan::PromotionResumed{1, 1, 2});
  EXPECT_NE(ask(invariant, plan::PromotionFinished{1, 1, 1, plan::Outcome::kFailed, "", {}, std::nullopt}), "")
      << "an epoch that was passed on";
  EXPECT_NE(ask(invariant, plan::PromotionResumed{1, 1, 2}), "") << "an epoch given twice";
  outside_.forgotten = "an entry";
  EXPECT_NE(ask(invariant), "");
  outside_.forgotten = "";
  outside_.unlike_ledger = "a record";
  EXPECT_NE(ask(invariant), "");
}

TEST_F(InvariantTest, IntentComesBeforeEffect) {
  const Invariant& invariant = kInvariants[3];
  cut();
  apply(kDev, bundle_);
  ASSERT_EQ(ask(invariant), "");
  TargetSeen& target = outside_.targets["directory:live/dev"];
  const TargetSeen whole = target;
  target.receipt->epoch = 7;
  EXPECT_NE(ask(invariant), "") << "an epoch of the future";
  target = whole;
  target.receipt->bundle = crypto::sha256("never promoted");
  EXPECT_NE(ask(invariant), "") << "a bundle that nobody meant";
  target = whole;
  target.layers["app"] = "half";
  EXPECT_NE(ask(invariant), "") << "a mixture";
  target.edited = true;
  EXPECT_EQ(ask(invariant), "") << "somebody's hand, which is drift";
  target = whole;
  blobs_.lose(bundle_);
  EXPECT_NE(ask(invariant), "") << "a head that is not there";
}

TEST_F(InvariantTest, OnlyWhatIsVerifiedUpstreamEnters) {
  const Invariant& invariant = kInvariants[4];
  cut();
  apply(kDev, bundle_);
  take(opened(kProduction, production_bundle()));
  EXPECT_NE(ask(invariant, started(kProduction)), "") << "not verified";
  verify(1);
  EXPECT_NE(ask(invariant, started(kProduction)), "") << "not soaked";
  now_ += std::chrono::minutes(10);
  EXPECT_EQ(ask(invariant, started(kProduction)), "");
  take(plan::VerificationRevoked{kDev, bundle_, "re-check"});
  EXPECT_NE(ask(invariant, started(kProduction)), "") << "revoked";
}

TEST_F(InvariantTest, ARollbackIsAnEarlierBundle) {
  const Invariant& invariant = kInvariants[5];
  cut();
  EXPECT_NE(ask(invariant, opened(kDev, bundle_, plan::PromotionKind::kRollback)), "") << "never here";
  apply(kDev, bundle_);
  plan::PromotionOpened back = opened(kDev, bundle_, plan::PromotionKind::kRollback);
  EXPECT_EQ(ask(invariant, back), "");
  plan::PromotionOpened mute = back;
  mute.reason = "";
  EXPECT_NE(ask(invariant, mute), "");
  take(back);
  take(started(kDev));
  take(plan::PromotionApplied{2, 1, 2});
  EXPECT_NE(ask(invariant), "") << "not held";
  outside_.held[kDev] = true;
  EXPECT_EQ(ask(invariant), "");
  outside_.heard = {{"rollback", true, "", 1, false, {"sources.fetch"}}};
  EXPECT_NE(ask(invariant), "") << "it rendered";
}

TEST_F(InvariantTest, EvidenceCountsOnlySignedAndAboutTheDigest) {
  const Invariant& invariant = kInvariants[6];
  cut();
  apply(kDev, bundle_);
  plan::CheckFinished check{1, 1, 1, "smoke", true, false, "", attest(bundle_, "release", "PASSED")};
  EXPECT_NE(ask(invariant, check), "") << "it never ran";
  outside_.runs = {{1, "smoke", true}};
  EXPECT_EQ(ask(invariant, check), "");
  for (const Digest& record : {attest(bundle_, "mallory", "PASSED"), attest(bundle_, "release", "FAILED"),
                               attest(production_bundle(), "release", "PASSED"), bundle_}) {
    check.record = record;
    EXPECT_NE(ask(invariant, check), "");
  }
  const model::Configuration* configuration = outside_.documents.configuration(configuration_);
  plan::PromotionFinished finished{
      1, 1, 1, plan::Outcome::kSucceeded, "", {}, model::digest_of_checks(*configuration->find(kDev))};
  EXPECT_NE(ask(invariant, finished), "") << "no check passed";
  check.record = attest(bundle_, "release", "PASSED");
  take(check);
  EXPECT_EQ(ask(invariant, finished), "");
  EXPECT_NE(ask(invariant), "") << "its result is no evidence";
  take(plan::EvidenceRecorded{bundle_, std::string(model::kTestResultPredicate), *check.record, {}, "check smoke"});
  EXPECT_EQ(ask(invariant), "");
}

TEST_F(InvariantTest, NothingEvaluatedIsNoPass) {
  const Invariant& invariant = kInvariants[7];
  cut();
  take(opened(kProduction, production_bundle()));
  plan::PromotionStarted start = started(kProduction);
  EXPECT_NE(ask(invariant, start), "") << "no gate was asked";
  start.gates = {{.gate = "upstream", .state = plan::GateState::kPassed},
                 {.gate = "soak", .state = plan::GateState::kPassed}};
  EXPECT_EQ(ask(invariant, start), "");
  start.gates[1].state = plan::GateState::kErrored;
  EXPECT_NE(ask(invariant, start), "") << "an error is a no";
}

// A promotion to dev of `yaml` that every gate let in, under policies of this text where it is not empty.
class EntranceTest : public InvariantTest {
 protected:
  const Invariant& invariant_ = kInvariants[7];

  void open(const std::string& yaml, const std::string& policies, const std::string& more = "") {
    policies_ = policies;
    configuration_ = store_configuration(more + kPeople);
    cut();
    Digest bundle = store_bundle(kProduction, yaml);
    take(opened(kProduction, bundle));
  }
  plan::PromotionStarted passed() {
    plan::PromotionStarted out = started(kProduction);
    for (const char* gate : {"upstream", "soak", "window", "policy"})
      out.gates.push_back({.gate = gate, .state = plan::GateState::kPassed});
    return out;
  }
  std::string entered() { return ask(invariant_, passed()); }
  plan::ExceptionAsked departure(const char* policy = kValuePolicy) {
    plan::ExceptionAsked out{format::Blank<plan::ExceptionAsked>::make()};
    out.exception.number = book_.departures().size() + 1;
    out.exception.environment = kProduction;
    out.exception.policy = policy;
    out.exception.requester = "ada";
    out.exception.expires = now_ + std::chrono::hours(1);
    return out;
  }
  plan::ExceptionAnswered answer(const char* person, model::ApprovalVerdict verdict) {
    plan::ExceptionAnswered out{format::Blank<plan::ExceptionAnswered>::make()};
    out.number = book_.departures().size();
    out.person = model::PersonName(person);
    out.verdict = verdict;
    return out;
  }
  // Ada asks, grace agrees.
  void except(const plan::ExceptionAsked& asked) {
    take(asked, key_of("ada"));
    take(answer("grace", model::ApprovalVerdict::kApproved), key_of("grace"));
  }

  static constexpr const char* kPeople =
      "      labels: { guarded: \"yes\" }\n"
      "  people: { ada: keys/ada.pub, grace: keys/grace.pub }\n"
      "  exceptions: { count: 1, from: [ada, grace], longest: 7d }\n";
  static constexpr const char* kRefused = "data:\n  value: \"7\"\nkind: ConfigMap\nmetadata:\n  name: app\n";
  static constexpr const char* kTaken = "data:\n  value: \"8\"\nkind: ConfigMap\nmetadata:\n  name: app\n";
};

TEST_F(EntranceTest, NothingEntersOutsideOfAWindow) {
  const std::string night =
      "        - window: { schedule: \"30 20 * * *\", duration: 12h }\n"
      "        - window: { schedule: \"0 2 * * *\", duration: 1h, deny: true }\n";
  open(kTaken, "", night);
  for (const char* inside :
       {"2026-01-01T20:30:00Z", "2026-01-02T01:59:59Z", "2026-01-02T03:00:00Z", "2026-01-02T08:29:59Z"}) {
    now_ = parse_time(inside).value();
    EXPECT_EQ(entered(), "") << inside;
  }
  for (const char* outside :
       {"2026-01-01T20:29:59Z", "2026-01-02T02:00:00Z", "2026-01-02T02:59:59Z", "2026-01-02T08:30:00Z"}) {
    now_ = parse_time(outside).value();
    EXPECT_NE(entered(), "") << outside;
  }
}

TEST_F(EntranceTest, NothingEntersWhileItIsFrozen) {
  open(kTaken, "");
  EXPECT_EQ(entered(), "");
  for (const EnvironmentName& scope : {kProduction, EnvironmentName()}) {
    take(plan::FreezeSet{scope, true, "incident", now_ + std::chrono::hours(1), std::nullopt});
    EXPECT_NE(entered(), "") << scope.str();
    take(plan::FreezeSet{scope, false, "", std::nullopt, std::nullopt});
    EXPECT_EQ(entered(), "") << scope.str();
  }
  take(plan::FreezeSet{kDev, true, "incident", now_ + std::chrono::hours(1), std::nullopt});
  EXPECT_EQ(entered(), "") << "another place";
  take(plan::FreezeSet{kProduction, true, "incident", now_ + std::chrono::hours(1), std::nullopt});
  now_ += std::chrono::hours(1);
  EXPECT_EQ(entered(), "") << "it is over";
}

TEST_F(EntranceTest, PoliciesAreAskedAndObeyed) {
  open(kRefused, std::string(kStrictRule));
  EXPECT_NE(entered(), "") << "a value that is refused";
  open(kRefused, "lax");
  EXPECT_EQ(entered(), "");
  open(kTaken, std::string(kStrictRule));
  EXPECT_EQ(entered(), "");
  plan::PromotionStarted mute = passed();
  mute.gates.pop_back();
  EXPECT_NE(ask(invariant_, mute), "") << "they were not asked";
}

TEST_F(EntranceTest, ALargeChangeObeysTheBudget) {
  const std::string three =
      "kind: ConfigMap\nmetadata:\n  name: a\n---\nkind: ConfigMap\nmetadata:\n  name: b\n---\n" + std::string(kTaken);
  open(three, std::string(kBudgetRule));
  EXPECT_EQ(entered(), "") << "nothing was there before";
  plan::PromotionStarted start = passed();
  start.from = store_bundle(kProduction, kRefused);
  EXPECT_NE(ask(invariant_, start), "") << "one changed, two more";
  start.from = store_bundle(kProduction, three);
  EXPECT_EQ(ask(invariant_, start), "");
}

TEST_F(EntranceTest, AnExceptionCountsWhileItHolds) {
  open(kRefused, std::string(kStrictRule));
  take(departure(), key_of("ada"));
  EXPECT_NE(entered(), "") << "nobody agreed";
  take(answer("ada", model::ApprovalVerdict::kApproved), key_of("ada"));
  EXPECT_NE(entered(), "") << "whoever asked";
  take(answer("mallory", model::ApprovalVerdict::kApproved), key_of("mallory"));
  EXPECT_NE(entered(), "") << "nobody knows them";
  take(answer("grace", model::ApprovalVerdict::kApproved), key_of("grace"));
  EXPECT_EQ(entered(), "");
  const Time agreed = now_;
  now_ += std::chrono::hours(2);
  EXPECT_NE(entered(), "") << "it expired";
  now_ = agreed;
  take(answer("ada", model::ApprovalVerdict::kRejected), key_of("ada"));
  EXPECT_NE(entered(), "") << "a no stands";
}

TEST_F(EntranceTest, AnExceptionIsAboutWhatItSays) {
  open(kRefused, std::string(kStrictRule));
  plan::ExceptionAsked elsewhere = departure();
  elsewhere.exception.environment = kDev;
  plan::ExceptionAsked another = departure(kBudgetPolicy);
  plan::ExceptionAsked object = departure();
  object.exception.object = "ConfigMap/base";
  plan::ExceptionAsked bundle = departure();
  bundle.exception.bundle = bundle_;
  plan::ExceptionAsked endless = departure();
  endless.exception.expires = now_ + std::chrono::days(8);
  for (plan::ExceptionAsked one : {elsewhere, another, object, bundle, endless}) {
    one.exception.number = book_.departures().size() + 1;
    except(one);
    EXPECT_NE(entered(), "") << one.exception.number;
  }
  except(departure());
  EXPECT_EQ(entered(), "");
  take(plan::ExceptionWithdrawn{book_.departures().size(), "well again", std::nullopt});
  EXPECT_NE(entered(), "") << "withdrawn";
}

TEST_F(EntranceTest, BrokenPoliciesNeverComeIntoForce) {
  open(kTaken, "int(object.data.value) >= 0");
  EXPECT_EQ(ask(invariant_, plan::ConfigurationApplied{configuration_, std::nullopt, false}), "");
  policies_ = kBrokenRule;
  EXPECT_NE(ask(invariant_, plan::ConfigurationApplied{store_configuration(kPeople), configuration_, false}), "");
}

TEST_F(EntranceTest, WhoeverAsksForAnExceptionSaysNothingToIt) {
  const Invariant& invariant = kInvariants[9];
  open(kRefused, std::string(kStrictRule));
  EXPECT_EQ(ask(invariant, departure(), key_of("ada")), "");
  EXPECT_NE(ask(invariant, departure(), key_of("grace")), "") << "in another's name";
  take(departure(), key_of("ada"));
  EXPECT_EQ(ask(invariant, answer("grace", model::ApprovalVerdict::kApproved), key_of("grace")), "");
  EXPECT_NE(ask(invariant, answer("grace", model::ApprovalVerdict::kApproved), key_of("ada")), "");
  EXPECT_NE(ask(invariant, answer("ada", model::ApprovalVerdict::kApproved), key_of("ada")), "") << "their own";
}

TEST_F(InvariantTest, EvidenceIsThere) {
  const Invariant& invariant = kInvariants[6];
  Digest record = attest(bundle_, "release", "PASSED");
  EXPECT_EQ(ask(invariant, plan::EvidenceRecorded{bundle_, "https://example.com/scan/v1", record, {}}), "");
  EXPECT_NE(ask(invariant, plan::EvidenceRecorded{release_, "https://example.com/scan/v1", record, {}}), "")
      << "about something else";
  blobs_.lose(record);
  EXPECT_NE(ask(invariant, plan::EvidenceRecorded{bundle_, "https://example.com/scan/v1", record, {}}), "");
}

TEST_F(InvariantTest, NoSecretIsSeen) {
  const Invariant& invariant = kInvariants[8];
  outside_.written = {"a: b"};
  outside_.heard = {{"release", false, "a Secret with readable data", 1, false, {}}};
  EXPECT_EQ(ask(invariant), "");
  outside_.heard[0].text += ": correct-horse";
  EXPECT_NE(ask(invariant), "");
  outside_.heard.clear();
  outside_.written.push_back("x: correct-horse");
  EXPECT_NE(ask(invariant), "");
  outside_.written.clear();
  outside_.targets["directory:live/dev"].layers["app"] = "p: correct-horse";
  EXPECT_NE(ask(invariant), "");
}

TEST_F(InvariantTest, ARequesterIsNoApprover) {
  const Invariant& invariant = kInvariants[9];
  configuration_ = store_configuration(
      "        - approval: { count: 1, from: [ada, grace] }\n  people: { ada: keys/ada.pub, grace: keys/grace.pub }\n");
  cut();
  model::Actor ada{"key", memory::Signer::key_of("ada").public_key().id(), "signature"};
  plan::PromotionOpened open = opened(kProduction, production_bundle());
  EXPECT_EQ(ask(invariant, open), "");
  EXPECT_NE(ask(invariant, open, ada), "") << "ada's key, and somebody else's name";
  open.requester = "ada";
  EXPECT_EQ(ask(invariant, open, ada), "");
  EXPECT_NE(ask(invariant, open), "") << "anybody in ada's name";
  take(open);
  EXPECT_NE(ask(invariant, started(kProduction)), "") << "nobody approved";
  plan::ApprovalRecorded said{
      open.number, model::ApprovalVerdict::kApproved, model::PersonName("ada"), open.plan, "", Time{}, std::nullopt,
      open.plan};
  take(said);
  EXPECT_NE(ask(invariant, started(kProduction)), "") << "whoever asked";
  said.person = model::PersonName("grace");
  said.plan = crypto::sha256("another plan");
  take(said);
  EXPECT_NE(ask(invariant, started(kProduction)), "") << "another plan";
  said.plan = open.plan;
  take(said);
  EXPECT_EQ(ask(invariant, started(kProduction)), "");
}

TEST(Invariants, AreTheTenOfTheDesign) {
  for (std::size_t i = 0; i < kInvariants.size(); ++i)
    EXPECT_TRUE(std::string(kInvariants[i].name).starts_with(std::to_string(i + 1) + " "));
}

}  // namespace
}  // namespace pawl::sim

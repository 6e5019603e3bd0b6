#include "core/model/release.h"
#include "core/model/statement.h"
#include "core/plan/fold.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

Status dead(std::string_view call) { return Error(ErrorCode::kUnavailable, "dead at " + std::string(call)); }

// Ends the driver at the first call of this name and at all that follow.
void die_at(Shop& shop, const std::string& at) {
  auto is_dead = std::make_shared<bool>(false);
  shop.on_call([is_dead, at](std::string_view call) {
    *is_dead = *is_dead || call == at;
    return *is_dead ? dead(call) : Status();
  });
}

TEST(Drive, R2_WhatWasAppliedBeforeACrashIsRecordedAsRecoveredAndNotDoneAgain) {
  Shop shop;
  shop.release("1.0");
  die_at(shop, "target.read");
  EXPECT_FALSE(shop.service().promote(Context{}, {.environment = "dev"}).ok());
  int writes = 0;
  shop.on_call([&](std::string_view call) {
    writes += call == "target.apply" || call == "target.publish" ? 1 : 0;
    return Status();
  });
  shop.clock().advance(std::chrono::hours(1));  // the dead driver's lease is over
  api::PromoteResponse out = shop.another()->promote(Context{}, {.environment = "dev"}).value();
  EXPECT_EQ(out.answer, "done");
  EXPECT_TRUE(out.promotion.recovered);
  EXPECT_EQ(writes, 0);
  EXPECT_EQ(shop.count("promotion.finished"), 1u);
}

TEST(Drive, R3_OfTwoThatStartAtOnceOneWinsAndTheOtherAppliesNothing) {
  Shop shop;
  shop.release("1.0");
  shop.edit("app", "2");
  shop.release("2.0");
  std::optional<ErrorCode> second;
  int publishes = 0;
  shop.on_call([&](std::string_view call) {
    publishes += call == "target.publish" ? 1 : 0;
    if (call != "target.claim" || second) return Status();
    second = ErrorCode::kUsage;
    second = shop.another()->promote(Context{}, {.environment = "dev", .release = "2.0"}).error().code;
    return Status();
  });
  EXPECT_EQ(shop.promote("dev", "1.0").answer, "done");
  EXPECT_EQ(second, ErrorCode::kConflict);
  EXPECT_EQ(publishes, 1);
  EXPECT_EQ(shop.count("promotion.opened"), 1u);
}

TEST(Drive, R4_ADriverThatSleptPastItsLeaseWritesNothingMore) {
  Shop shop;
  shop.release("1.0");
  bool slept = false;
  int publishes = 0;
  shop.on_call([&](std::string_view call) {
    publishes += call == "target.publish" ? 1 : 0;
    if (call != "target.publish" || slept) return Status();
    slept = true;
    shop.clock().advance(std::chrono::hours(1));
    EXPECT_EQ(shop.another()->promote(Context{}, {.environment = "dev"}).value().answer, "done");
    return Status();
  });
  EXPECT_EQ(shop.promote("dev").answer, "done") << "the other driver's outcome";
  EXPECT_EQ(publishes, 2) << "the sleeper's own was refused";
  EXPECT_EQ(shop.count("promotion.applied"), 1u);
  EXPECT_EQ(shop.count("promotion.finished"), 1u);
  EXPECT_EQ(shop.target("dev").inspect(Context{})->receipt->epoch, 2u);
}

constexpr const char* kSlow = R"(
  environments:
    - { name: dev, verification: [ { name: slow, command: [checks/smoke.sh], timeout: 10m } ] }
)";

TEST(Drive, TheLeaseOutlivesALongCheck) {
  Shop shop(kSlow);
  shop.release("1.0");
  std::optional<ErrorCode> second;
  shop.on_call([&](std::string_view call) {
    if (call != "checks.run" || second) return Status();
    shop.clock().advance(std::chrono::minutes(9));
    second = shop.another()->promote(Context{}, {.environment = "dev"}).error().code;
    return Status();
  });
  EXPECT_EQ(shop.promote("dev").answer, "done");
  EXPECT_EQ(second, ErrorCode::kConflict) << "it is being driven";
  EXPECT_EQ(shop.checks().requests().size(), 1u);
  EXPECT_EQ(shop.count("promotion.resumed"), 0u);
}

TEST(Drive, R7_APartialApplyIsDegradedAndNeverPromoted) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  shop.edit("app", "2");
  shop.release("2.0");
  std::string head = shop.head("dev");
  int applies = 0;
  shop.on_call([&](std::string_view call) {
    bool second = call == "target.apply" && ++applies == 2;
    return second ? Status(Error(ErrorCode::kInvalid, "object 1 of 1 was rejected")) : Status();
  });
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "failed");
  EXPECT_NE(out.promotion.reason.find("applying layer app"), std::string::npos) << out.promotion.reason;
  api::EnvironmentView view = shop.environment("dev");
  EXPECT_TRUE(view.degraded);
  EXPECT_EQ(view.head->bundle, head);
  EXPECT_TRUE(shop.environment_state("dev").pending.has_value());
  EXPECT_EQ(shop.promote("staging", "2.0").answer, "blocked");
}

TEST(Drive, R5_TheHeadIsSetBeforeThePromotionEnds) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  std::vector<std::string> entries = shop.entries();
  auto at = [&](const std::string& type) { return std::find(entries.begin(), entries.end(), type) - entries.begin(); };
  EXPECT_LT(at("promotion.opened"), at("promotion.started"));
  EXPECT_LT(at("promotion.started"), at("promotion.applied"));
  EXPECT_LT(at("promotion.applied"), at("check.finished"));
  EXPECT_LT(at("check.finished"), at("promotion.finished"));
  EXPECT_EQ(shop.service().history(Context{}, {.environment = "dev"}).value().visits.size(), 1u);
}

TEST(Drive, L6_WhatCannotBeLoggedDoesNotHappen) {
  Shop shop;
  shop.release("1.0");
  for (int refused = 0; refused < 2; ++refused) {
    int commits = 0;
    int effects = 0;
    shop.on_call([&](std::string_view call) {
      effects += call == "target.claim" || call == "target.apply" || call == "target.publish" ? 1 : 0;
      return call == "store.commit" && commits++ == refused ? dead(call) : Status();
    });
    EXPECT_FALSE(shop.service().promote(Context{}, {.environment = "dev"}).ok());
    EXPECT_EQ(effects, 0) << "refused: " << (refused == 0 ? "opened" : "started");
    shop.on_call({});
  }
  EXPECT_EQ(shop.head("dev"), "");
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(Time, R13_ItIsNeverBehindTheLedger) {
  Shop shop;
  shop.release("1.0");
  Time before = shop.clock().now();
  shop.clock().advance(-std::chrono::minutes(5));
  EXPECT_EQ(shop.promote("dev").answer, "done") << "five minutes are tolerated";
  EXPECT_GE(shop.promotion_state(1).opened_at, before);
  shop.clock().advance(-std::chrono::milliseconds(1));
  for (const auto& verb : std::vector<std::function<ErrorCode()>>{
           [&] { return shop.service().promote(Context{}, {.environment = "dev"}).error().code; },
           [&] { return shop.service().rollback(Context{}, {.environment = "dev", .reason = "x"}).error().code; },
           [&] { return shop.service().hold(Context{}, {.environment = "dev"}).error().code; },
           [&] { return shop.service().release(Context{}, {.version = "9"}).error().code; },
           [&] { return shop.service().status(Context{}, {}).error().code; }})
    EXPECT_EQ(verb(), ErrorCode::kUnknown);
}

TEST(Time, R13_AClockThatJumpsForwardSoaksNothingTwice) {
  Shop shop(R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 30m } ] }
)");
  shop.release("1.0");
  shop.promote("dev");
  shop.clock().advance(std::chrono::minutes(20));
  EXPECT_EQ(shop.promote("staging").answer, "waiting");
  shop.clock().advance(-std::chrono::minutes(4));
  EXPECT_EQ(shop.promote("staging").answer, "waiting") << "back a little: it waits on from the ledger's time";
  shop.clock().advance(std::chrono::minutes(14));
  EXPECT_EQ(shop.promote("staging").answer, "done");
}

TEST(Reproduce, ItRendersFromTheSnapshotAloneAndSignsWhatItFound) {
  Shop shop;
  std::string release = shop.release("1.0");
  for (const char* file : {"base/base.yaml", "app/app.yaml", "checks/smoke.sh"}) shop.workspace().remove(file);
  shop.sign_in("ada");
  api::ReproduceResponse out = shop.service().reproduce(Context{}, {.release = "1.0"}).value();
  EXPECT_TRUE(out.reproduced);
  EXPECT_TRUE(out.comparable);
  ASSERT_EQ(out.bundles.size(), 3u);
  std::vector<crypto::PublicKey> keys = {memory::Signer::key_of("ada").public_key()};
  std::size_t counted = 0;
  for (const auto& record :
       shop.blobs().attached(Context{}, crypto::Digest::parse(release).value(), model::kSigstoreBundleType).value()) {
    if (record.manifest.digest.str() != out.record) continue;
    auto verified = model::verify_statement(record.bytes, keys);
    ASSERT_TRUE(verified.ok());
    EXPECT_EQ(verified->statement.predicate_type, "https://slsa.dev/provenance/v1");
    ASSERT_EQ(verified->statement.subjects.size(), 3u);
    EXPECT_EQ(verified->statement.subjects[0].digest.str(), out.bundles[0].digest);
    ++counted;
  }
  EXPECT_EQ(counted, 1u);
}

// Records a release as another renderer would have cut it: everything is the same but the version it names.
void cut_by_another_renderer(Shop& shop, const std::string& like) {
  memory::Blobs& blobs = shop.blobs();
  auto get = [&](const crypto::Digest& digest) { return blobs.get(Context{}, digest, 1 << 20).value(); };
  model::Release release = model::decode_release(get(crypto::Digest::parse(like).value())).value();
  model::SnapshotManifest manifest = model::decode_snapshot_manifest(get(release.snapshot.digest)).value();
  model::Snapshot snapshot = model::decode_snapshot(get(manifest.config.digest)).value();
  snapshot.renderer = "0";
  auto put = [&](model::Descriptor& descriptor, const std::string& bytes) {
    descriptor.digest = blobs.put(Context{}, descriptor.media_type, bytes).value().digest;
    descriptor.size = bytes.size();
  };
  put(manifest.config, model::encode_snapshot(snapshot));
  put(release.snapshot, model::encode_snapshot_manifest(manifest.config, manifest.files));
  crypto::Digest digest = blobs.put(Context{}, model::kIndexType, model::encode_release(release)).value().digest;
  plan::Entry entry{model::ProjectName("shop"),
                    shop.clock().now(),
                    {"local", "local:tester", "unauthenticated"},
                    plan::ReleaseCut{2, "0.9", digest, release.snapshot.digest, digest, "", false, "", {}}};
  Status status = shop.store().transact(Context{}, [&](ports::Transaction& transaction) -> Status {
    plan::Records records([&](std::string_view key) { return transaction.get(key); });
    PAWL_TRY(plan::fold(records, entry));
    PAWL_TRY(transaction.append(plan::encode_entry(entry)));
    for (const auto& [key, value] : records.written()) PAWL_TRY(transaction.put(key, value));
    return {};
  });
  ASSERT_TRUE(status.ok());
}

TEST(Reproduce, UnderAnotherRendererVersionItIsNotComparable) {
  Shop shop;
  cut_by_another_renderer(shop, shop.release("1.0"));
  api::ReproduceResponse out = shop.service().reproduce(Context{}, {.release = "0.9"}).value();
  EXPECT_FALSE(out.comparable);
  EXPECT_FALSE(out.reproduced);
  EXPECT_EQ(out.record, "");
}

}  // namespace
}  // namespace pawl::engine

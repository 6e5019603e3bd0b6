#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

constexpr const char* kOffice = R"(
  environments:
    - name: dev
      gates: [ { window: { schedule: "0 9 * * 1-5", duration: 7h, timeZone: Europe/Berlin } } ]
)";
constexpr const char* kWeekend = R"(
  environments:
    - name: dev
      gates: [ { window: { schedule: "0 16 * * 5", duration: 64h, timeZone: Europe/Berlin, deny: true } }, { soak: 1s } ]
)";

TEST(Windows, P6_WhatWasAskedForInTimeAndIsDrivenTooLateWaits) {
  Shop shop(kOffice);  // Monday 11:00 in Berlin
  shop.release("1.0");
  shop.clock().advance(std::chrono::hours(5));
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
  EXPECT_EQ(shop.why("1.0", "dev"), "window waiting: opens Tue 09:00 Europe/Berlin, in 17h\n");
  shop.clock().advance(std::chrono::hours(17));
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(Windows, P6_ADriverThatSleptBetweenTheQuestionAndTheStartEntersNoClosedWindow) {
  Shop shop(kOffice);
  shop.release("1.0");
  bool slept = false;
  shop.on_call([&](std::string_view call) -> Status {
    // The gates have answered; the target is looked at last before `pending` is set.
    if (call != "target.inspect" || slept || shop.count("promotion.opened") == 0) return {};
    slept = true;
    shop.clock().advance(std::chrono::hours(8));
    return {};
  });
  Result<api::PromoteResponse> out = shop.service().promote(Context{}, {.environment = "dev"});
  EXPECT_TRUE(slept);
  ASSERT_FALSE(out.ok()) << out->answer;
  EXPECT_EQ(out.error().code, ErrorCode::kConflict);
  EXPECT_EQ(shop.count("promotion.started"), 0u);
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
}

TEST(Windows, P6_AClockThatIsSetBackOpensNothing) {
  Shop shop(kOffice);
  shop.clock().advance(std::chrono::hours(8));
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
  shop.clock().advance(-std::chrono::hours(4));
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev"}).error().code, ErrorCode::kUnknown);
  EXPECT_EQ(shop.count("promotion.started"), 0u);
}

TEST(Windows, P6_AnUnknownZoneIsAnErrorWhenItIsRead) {
  Shop shop(R"(
  environments:
    - name: dev
      gates: [ { window: { schedule: "0 9 * * 1-5", duration: 7h, timeZone: Europe/Atlantis } } ]
)");
  Error error = shop.service().release(Context{}, {.version = "1.0"}).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_NE(error.message.find("Europe/Atlantis"), std::string::npos);
}

TEST(Windows, ARollbackSkipsThem) {
  Shop shop(kOffice);
  shop.release("1.0");
  shop.promote("dev");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("dev");
  shop.clock().advance(std::chrono::hours(12));
  EXPECT_EQ(shop.rollback("dev").answer, "done") << "at three in the morning the way back is open";
}

TEST(Freeze, StopsEverythingUntilItIsOverOrLifted) {
  Shop shop("  environments: [ { name: dev } ]\n");
  shop.release("1.0");
  EXPECT_EQ(shop.service().freeze(Context{}, {.environment = "dev", .until = "4h"}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(shop.service().freeze(Context{}, {.environment = "dev", .reason = "x"}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(shop.service()
                .freeze(Context{}, {.environment = "dev", .reason = "x", .until = "2020-01-01T00:00:00Z"})
                .error()
                .code,
            ErrorCode::kUsage);
  ASSERT_TRUE(shop.service().freeze(Context{}, {.environment = "dev", .reason = "incident", .until = "4h"}).ok());
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
  EXPECT_EQ(shop.why("1.0", "dev"), "freeze waiting: dev is frozen until 2026-01-05T14:00:00Z: incident\n");
  shop.clock().advance(std::chrono::hours(4));
  EXPECT_EQ(shop.promote("dev").answer, "done") << "over by itself";
}

// Frozen, and ada may ask to enter all the same; grace may agree.
class FrozenShop : public Shop {
 public:
  explicit FrozenShop(const std::string& gates = "")
      : Shop("  environments: [ { name: dev" + gates +
             " } ]\n"
             "  people: { ada: ada.pub, grace: grace.pub }\n"
             "  exceptions: { count: 1, from: [ada, grace], longest: 7d }\n") {
    for (const char* name : {"ada", "grace"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    sign_in("ada");
    release("1.0");
  }
  void freeze() {
    EXPECT_TRUE(service().freeze(Context{}, {.environment = "dev", .reason = "incident", .until = "4d"}).ok());
  }
  Result<api::ExceptionResponse> ask(const std::string& gate, const std::string& release = "") {
    return service().exception_ask(
        Context{}, {.policy = gate, .environment = "dev", .release = release, .reason = "the mend", .until = "2d"});
  }
  void agree() {
    EXPECT_TRUE(another("grace")->exception_approve(Context{}, {.number = 1, .comment = "so be it"}).ok());
  }
};

TEST(Freeze, AnExceptionIsTheOneWayAroundIt) {
  FrozenShop shop;
  shop.freeze();
  ASSERT_TRUE(shop.ask("gate/freeze").ok());
  EXPECT_EQ(shop.promote("dev").answer, "waiting") << "nobody agreed yet";
  shop.agree();
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "done");
  ASSERT_EQ(out.promotion.gates.at(0).gate, "freeze");
  EXPECT_EQ(out.promotion.gates[0].details,
            std::vector<std::string>{"exception 1 lets it pass until 2026-01-07T10:00:00Z: the mend"});
  EXPECT_EQ(out.promotion.gates[0].evidence.size(), 1u) << "grace's word";
}

TEST(Freeze, P4_AnExceptionThatIsOverOpensNothing) {
  FrozenShop shop;
  shop.freeze();
  ASSERT_TRUE(shop.ask("gate/freeze").ok());
  shop.agree();
  shop.clock().advance(std::chrono::days(2));
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "waiting");
  EXPECT_EQ(out.promotion.gates.at(0).details, std::vector<std::string>{"exception 1 does not count: it expired"});
}

TEST(Freeze, P4_AnExceptionForAnotherReleaseOpensNothing) {
  FrozenShop shop;
  shop.freeze();
  ASSERT_TRUE(shop.ask("gate/freeze", "1.0").ok());
  shop.agree();
  shop.edit("app", "2");
  shop.release("2.0");
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
}

TEST(Windows, AnExceptionOpensAClosedOne) {
  FrozenShop shop(R"(, gates: [ { window: { schedule: "0 3 * * *", duration: 1h, timeZone: UTC } } ])");
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
  ASSERT_TRUE(shop.ask("gate/window").ok());
  shop.agree();
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(Freeze, OnlyItAndWindowsCanBeExcepted) {
  FrozenShop shop;
  EXPECT_EQ(shop.ask("gate/approval").error().code, ErrorCode::kUsage);
  Error whole =
      shop.service()
          .exception_ask(
              Context{},
              {.policy = "gate/freeze", .environment = "dev", .object = "ConfigMap/a", .reason = "x", .until = "1d"})
          .error();
  EXPECT_EQ(whole.message, "gate/freeze has no rules and is about no object");
}

TEST(Freeze, OfAllAndOfOneAreTwo) {
  Shop shop("  environments: [ { name: dev } ]\n");
  shop.release("1.0");
  ASSERT_TRUE(shop.service().freeze(Context{}, {.reason = "holidays", .until = "8h", .all = true}).ok());
  ASSERT_TRUE(shop.service().freeze(Context{}, {.environment = "dev", .reason = "incident", .until = "1h"}).ok());
  ASSERT_TRUE(shop.service().freeze(Context{}, {.environment = "dev", .off = true}).ok());
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
  ASSERT_TRUE(shop.service().freeze(Context{}, {.all = true, .off = true}).ok());
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(Freeze, P6_BetweenTheQuestionAndTheStartItHolds) {
  Shop shop("  environments: [ { name: dev } ]\n");
  shop.release("1.0");
  bool frozen = false;
  shop.on_call([&](std::string_view call) -> Status {
    // The gates have answered; the target is looked at last before `pending` is set.
    if (call != "target.inspect" || frozen || shop.count("promotion.opened") == 0) return {};
    frozen = true;
    return shop.another()->freeze(Context{}, {.environment = "dev", .reason = "incident", .until = "1h"}).ok()
               ? Status()
               : Status(Error(ErrorCode::kUnknown, "it could not be frozen"));
  });
  Result<api::PromoteResponse> out = shop.service().promote(Context{}, {.environment = "dev"});
  EXPECT_TRUE(frozen);
  EXPECT_FALSE(out.ok() && out->answer == "done");
  EXPECT_EQ(shop.count("promotion.started"), 0u);
}

TEST(Freeze, ARollbackIsStoppedOnlyWhereTheEnvironmentSaysSo) {
  for (const char* obeys : {"[]", "[freeze]"}) {
    Shop shop(std::string("  environments: [ { name: dev, rollbackObeys: ") + obeys + " } ]\n");
    shop.release("1.0");
    shop.promote("dev");
    shop.edit("app", "2");
    shop.release("2.0");
    shop.promote("dev");
    ASSERT_TRUE(shop.service().freeze(Context{}, {.environment = "dev", .reason = "incident", .until = "4h"}).ok());
    EXPECT_EQ(shop.rollback("dev").answer, std::string_view(obeys) == "[]" ? "done" : "waiting");
  }
}

}  // namespace
}  // namespace pawl::engine

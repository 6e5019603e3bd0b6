#include "api/verb_table.h"
#include "tests/support/rules.h"
#include "tests/support/shop.h"

// The same gates stand before every way in. What a verb may move is said here, once; a verb that changes something and
// is not said fails the test.

namespace pawl::engine {
namespace {

using testing_support::rule_against;
using testing_support::Shop;

constexpr const char* kRelease = "1.0";
constexpr const char* kNext = "2.0";

// Production takes what dev verified, ada asked for and grace approved; `obeys` is what a rollback there obeys.
std::string project(const std::string& obeys) {
  return R"(
  policySources: { own: { files: policies } }
  exceptions: { count: 1, from: [sre], longest: 7d }
  environments:
    - name: dev
    - { name: production, promotesFrom: [dev], gates: [ { approval: { count: 1, from: [sre] } } ], rollbackObeys: )" +
         obeys + R"( }
  people: { ada: ada.pub, grace: grace.pub }
  groups: { sre: [ada, grace] }
)";
}

// Production has 1.0, and 2.0 is verified in dev.
class Gated : public Shop {
 public:
  explicit Gated(const std::string& obeys = "[]") : Shop(project(obeys)) {
    for (const char* name : {"ada", "grace"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    EXPECT_TRUE(workspace().write("policies/rule.yaml", rule_against("9")).ok());
    sign_in("ada");
    cut(kRelease);
    EXPECT_EQ(enter(kRelease), "done");
    first_head_ = head("production");
    first_live_ = live();
    edit("app", "2");
    cut(kNext);
  }

  // Ada asks, grace agrees, and it goes in.
  std::string enter(const std::string& version) {
    EXPECT_EQ(promote("production", version).answer, "waiting");
    EXPECT_TRUE(another("grace")->approve(Context{}, {.promotion = "production"}).ok());
    return promote("production", version).answer;
  }
  // From now on a policy in force denies what 2.0 has.
  void bar() {
    EXPECT_TRUE(workspace().write("policies/rule.yaml", rule_against("2")).ok());
    EXPECT_TRUE(service().apply(Context{}, {}).ok());
  }
  void fail_to_publish() {
    on_call([](std::string_view call) -> Status {
      return call == "target.publish" ? Status(Error(ErrorCode::kUnavailable, "no answer")) : Status();
    });
  }
  std::map<std::string, std::string> live() { return target("production").read(Context{}).value().layers; }
  void expect_untouched() {
    EXPECT_EQ(environment_state("production").head->bundle.str(), first_head_);
    EXPECT_EQ(live(), first_live_);
  }

 private:
  void cut(const std::string& version) {
    release(version);
    EXPECT_EQ(promote("dev", version).answer, "done");
  }

  std::string first_head_;
  std::map<std::string, std::string> first_live_;
};

// What somebody tries, and what the answer is: a response's, or the name of an error.
struct Attempt {
  const char* how;
  std::function<void(Gated&)> before;  // while no policy denies it yet
  std::function<Result<api::PromoteResponse>(Gated&)> go;
  const char* answer;
  const char* obeys = "[]";
};

enum class Moves : std::uint8_t {
  kNothing,    // neither a head nor a target
  kReleaseIn,  // under every gate of the environment
  kBack,       // to what was there: whole, trusted and, where the environment says so, under its gates
  kHead,       // the head's own bytes, again
};

struct Row {
  const char* verb;
  Moves moves = Moves::kNothing;
  std::vector<Attempt> attempts = {};
};

void nothing_before(Gated&) {}
void half_applied(Gated& shop) {
  shop.fail_to_publish();
  EXPECT_EQ(shop.enter(kNext), "errored");
  shop.on_call({});
}
void approved(Gated& shop) {
  EXPECT_EQ(shop.promote("production", kNext).answer, "waiting");
  EXPECT_TRUE(shop.another("grace")->approve(Context{}, {.promotion = "production"}).ok());
}
void there_and_back(Gated& shop) {
  EXPECT_EQ(shop.enter(kNext), "done");
  EXPECT_EQ(shop.rollback("production").answer, "done");
}
void there_back_and_half_there(Gated& shop) {
  there_and_back(shop);
  shop.fail_to_publish();
  EXPECT_EQ(shop.rollback("production", kNext).answer, "errored");
  shop.on_call({});
}
void edited_by_hand(Gated& shop) { shop.target("production").edit("app", "value: \"2\"\n", "somebody"); }

auto promoting(api::PromoteRequest request) {
  request.environment = "production";
  return [request](Gated& shop) { return shop.service().promote(Context{}, request); };
}
auto rolling_back(api::RollbackRequest request) {
  request.environment = "production";
  request.reason = "test";
  return [request](Gated& shop) { return shop.service().rollback(Context{}, request); };
}
Result<api::PromoteResponse> retry(Gated& shop) {
  return shop.service().retry(Context{}, {.environment = "production"});
}
Result<api::PromoteResponse> reconcile(Gated& shop) {
  return shop.service().reconcile(Context{}, {.environment = "production"});
}

// What one round of automation came to in production.
Result<api::PromoteResponse> serve(Gated& shop) {
  PAWL_ASSIGN(api::ServeResponse round, shop.service().serve(Context{}, {.once = true}));
  api::PromoteResponse out;
  for (const api::ServedView& one : round.served) {
    if (one.environment == "production") out.answer = one.answer;
  }
  return out;
}

std::vector<Row> table() {
  return {
      {"init"},
      {"lock"},
      {"release"},
      {"promote",
       Moves::kReleaseIn,
       {{"a release", nothing_before, promoting({.release = kNext}), "blocked"},
        {"what upstream verified", nothing_before, promoting({}), "blocked"},
        {"a layer alone", nothing_before, promoting({.release = kNext, .layers = {"app"}}), "blocked"},
        {"instead of a waiting one", approved, promoting({.release = kNext, .supersede = true}), "blocked"},
        {"taking over the target", nothing_before, promoting({.release = kNext, .adopt = true}), "blocked"},
        {"and waiting for it", nothing_before, promoting({.release = kNext, .wait = true}), "blocked"},
        {"one that was approved before", approved, promoting({.release = kNext}), "blocked"},
        {"one that is half applied", half_applied, promoting({.release = kNext}), "blocked"}}},
      {"retry",
       Moves::kReleaseIn,
       {{"what is half applied", half_applied, retry, "blocked"},
        {"a rollback that is half applied", there_back_and_half_there, retry, "blocked", "[policy]"},
        {"what a gate refused", [](Gated& shop) { shop.bar(), shop.promote("production", kNext); }, retry,
         "conflict"}}},
      {"rollback",
       Moves::kBack,
       {{"forward", there_and_back, rolling_back({.to = kNext}), "blocked", "[policy]"},
        {"a layer forward", there_and_back, rolling_back({.to = kNext, .layers = {"app"}}), "blocked", "[policy]"},
        {"to what was never there", nothing_before, rolling_back({.to = kNext}), "not-found"},
        {"a layer to what was never there", nothing_before, rolling_back({.to = kNext, .layers = {"app"}}),
         "not-found"},
        {"to what was half there", half_applied, rolling_back({.to = kNext}), "not-found"},
        {"from what is half there", half_applied, rolling_back({}), "done"}}},
      {"reconcile",
       Moves::kHead,
       {{"over what somebody edited", edited_by_hand, reconcile, "done"},
        {"what is half applied", half_applied, reconcile, "conflict"},
        {"while another one waits", approved, reconcile, "conflict"}}},
      {"serve", Moves::kReleaseIn, {{"one that was approved before", approved, serve, "blocked"}}},
      {"approve"},
      {"reject"},
      {"attest"},
      {"abort"},
      {"apply"},
      {"hold"},
      {"exception ask"},
      {"exception approve"},
      {"exception reject"},
      {"exception withdraw"},
      {"freeze"},
  };
}

TEST(Verbs, P9_EachThatChangesSomethingStandsInTheTable) {
  std::vector<std::string> verbs;
  api::visit_verbs([&](const api::Verb& verb, auto) {
    if (verb.effect == api::Effect::kChanges) verbs.emplace_back(verb.name);
  });
  std::vector<std::string> rows;
  for (const Row& row : table()) {
    rows.emplace_back(row.verb);
    EXPECT_EQ(row.attempts.empty(), row.moves == Moves::kNothing) << row.verb << ": what moves something is tried";
  }
  std::sort(verbs.begin(), verbs.end());
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, verbs) << "say what the new verb may move, and try to get in through it";
}

TEST(Verbs, P9_NothingThatAPolicyDeniesEntersThroughAnyOfThem) {
  for (const Row& row : table()) {
    for (const Attempt& attempt : row.attempts) {
      SCOPED_TRACE(std::string(row.verb) + ": " + attempt.how);
      Gated shop(attempt.obeys);
      attempt.before(shop);
      shop.bar();
      Result<api::PromoteResponse> out = attempt.go(shop);
      EXPECT_EQ(out ? out->answer : std::string(name_of(out.error().code)), attempt.answer);
      shop.expect_untouched();
    }
  }
}

// Whatever the request has a field for is filled in.
template <class Request>
Request filled() {
  Request out;
  if constexpr (requires { out.environment; }) out.environment = "production";
  if constexpr (requires { out.release; }) out.release = kNext;
  if constexpr (requires { out.version; }) out.version = "3.0";
  if constexpr (requires { out.promotion; }) out.promotion = "production";
  if constexpr (requires { out.number; }) out.number = 1;
  if constexpr (requires { out.reason; }) out.reason = "test";
  if constexpr (requires { out.comment; }) out.comment = "test";
  if constexpr (requires { out.until; }) out.until = "1h";
  if constexpr (requires { out.policy; }) out.policy = "rule";
  if constexpr (requires { out.type; }) out.type = "https://example.com/scan/v1";
  if constexpr (requires { out.predicate; }) out.predicate = "{}";
  if constexpr (requires { out.kind; }) out.kind = "environments";
  if constexpr (requires { out.kind, out.name; }) out.kind = "environment", out.name = "production";
  if constexpr (requires { out.from, out.to; }) out.from = "dev", out.to = "production";
  return out;
}

// Calls a verb as grace, who is the one that a promotion of 2.0 waits for.
template <class Response, class Request>
void expect_moves_nothing(Result<Response> (api::Service::*call)(const Context&, const Request&)) {
  Gated shop;
  EXPECT_EQ(shop.promote("production", kNext).answer, "waiting");
  ASSERT_TRUE(
      shop.service()
          .exception_ask(Context{}, {.policy = "rule", .environment = "production", .reason = "x", .until = "1d"})
          .ok());
  std::size_t started = shop.count("promotion.started");
  Result<Response> out = ((*shop.another("grace")).*call)(Context{}, filled<Request>());
  EXPECT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(shop.count("promotion.started"), started);
  shop.expect_untouched();
}

TEST(Verbs, P9_ThoseThatMoveNothingMoveNothing) {
  std::vector<Row> rows = table();
  api::visit_verbs([&](const api::Verb& verb, auto call) {
    auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return verb.name == one.verb; });
    if (row != rows.end() && row->moves != Moves::kNothing) return;
    SCOPED_TRACE(verb.name);
    expect_moves_nothing(call);
  });
}

TEST(Verbs, P9_ARollbackThatObeysApprovalsWaitsForThemAndThenGoesOn) {
  Gated shop("[approval]");
  EXPECT_EQ(shop.enter(kNext), "done");
  EXPECT_EQ(shop.rollback("production").answer, "waiting");
  EXPECT_EQ(shop.promotion_state(5).opened.kind, plan::PromotionKind::kRollback);
  ASSERT_TRUE(shop.another("grace")->approve(Context{}, {.promotion = "production"}).ok());
  EXPECT_EQ(shop.rollback("production").answer, "done");
  shop.expect_untouched();
}

}  // namespace
}  // namespace pawl::engine

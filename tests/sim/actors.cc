#include "tests/sim/actors.h"

namespace pawl::sim {

namespace {

Result<std::string> text_of(Result<api::PromoteResponse> response) {
  if (!response) return std::move(response).error();
  std::string text = response->answer + " " + response->promotion.reason;
  for (const std::string& note : response->notes) text += "; " + note;
  return text;
}

template <class Request>
Call call_of(const std::string& verb,
             Result<api::PromoteResponse> (api::Service::*method)(const Context&, const Request&), Request request) {
  return {verb, [method, request = std::move(request)](api::Service& service, const Context& context) {
            return text_of((service.*method)(context, request));
          }};
}

Call hold_call(const std::string& environment, bool off) {
  return {"hold", [=](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::HoldResponse held,
                        service.hold(context, {.environment = environment, .reason = "hands off", .off = off}));
            return held.environment;
          }};
}

Call approve_call(const std::string& environment) {
  return {"approve", [=](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::ApproveResponse said, service.approve(context, {.promotion = environment}));
            return said.person + " " + said.verdict;
          }};
}

Call reject_call(const std::string& environment) {
  return {"reject", [=](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::ApproveResponse said,
                        service.reject(context, {.promotion = environment, .comment = "not today"}));
            return said.person + " " + said.verdict;
          }};
}

Call apply_call() {
  return {"apply", [](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::ApplyResponse applied, service.apply(context, {}));
            return applied.configuration;
          }};
}

Call release_call(const std::string& version) {
  return {"release", [=](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::ReleaseResponse released, service.release(context, {.version = version}));
            return released.release.digest;
          }};
}

Call freeze_call(api::FreezeRequest request) {
  return {"freeze",
          [request = std::move(request)](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::FreezeResponse done, service.freeze(context, request));
            std::string what = done.environment.empty() ? "all" : done.environment;
            return what + (done.until ? " until " + render_time(*done.until) : " lifted");
          }};
}

std::string told(const api::ExceptionView& exception) {
  std::string about = exception.policy + " in " + exception.environment;
  return "exception " + std::to_string(exception.number) + " of " + about + ": " +
         (exception.holds ? "holds" : exception.flaw);
}

template <class Request>
Call exception_call(Result<api::ExceptionResponse> (api::Service::*method)(const Context&, const Request&),
                    Request request) {
  return {"exception",
          [method, request = std::move(request)](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::ExceptionResponse done, (service.*method)(context, request));
            return told(done.exception);
          }};
}

std::string story(const Call& call, const Heard& heard) {
  std::string fate = call.fate.blow == Blow::kNone ? ""
                                                   : " [" + std::string(name_of(call.fate.blow)) + " at call " +
                                                         std::to_string(call.fate.call) + "]";
  return call.verb + " as " + (call.person.empty() ? "nobody" : call.person) + fate + ": " + heard.text;
}

}  // namespace

Actors::Actors(World& world)
    : world_(world),
      people_come_(world.chance().one_in(5)),
      had_people_(people_come_ && world.chance().one_in(2)),
      policies_come_(world.chance().one_in(people_come_ ? 2 : 5)) {
  Setting& setting = world_.setting();
  setting.people = had_people_;
  setting.approval = had_people_ && world_.chance().one_in(2);
  setting.exceptions = people_come_;
  setting.policies = policies_come_;
  setting.strict = world_.chance().one_in(2);
  setting.window = world_.chance().one_in(4);
  world_.save();
}

std::string Actors::place() {
  // Half of the time people go on where somebody has just been.
  if (world_.chance().one_in(2))
    place_ = world_.chance().of(std::vector<std::string>{"dev", "dev", "qa", "staging", "staging", "production"});
  return place_;
}

std::string Actors::who() {
  // Where people were ever known, whoever has no key gets nowhere.
  if (!had_people_) return world_.chance().one_in(8) ? "grace" : "";
  return world_.chance().of(std::vector<std::string>{"ada", "ada", "ada", "ada", "ada", "grace", "mallory", ""});
}

Call Actors::promote() {
  Chance& chance = world_.chance();
  api::PromoteRequest request{.environment = place()};
  if (chance.one_in(5) && !versions_.empty()) request.release = chance.of(versions_);
  if (chance.one_in(8)) request.layers = {chance.one_in(2) ? "app" : "base"};
  request.supersede = chance.one_in(4);
  request.adopt = chance.one_in(6);
  return call_of("promote", &api::Service::promote, std::move(request));
}

Call Actors::rollback() {
  Chance& chance = world_.chance();
  api::RollbackRequest request{.environment = place(), .reason = "latency"};
  if (chance.one_in(4) && !versions_.empty()) request.to = chance.of(versions_);
  return call_of("rollback", &api::Service::rollback, std::move(request));
}

Call Actors::release() {
  versions_.push_back("v" + std::to_string(++edits_));
  return release_call(versions_.back());
}

Call Actors::freeze() {
  Chance& chance = world_.chance();
  api::FreezeRequest request{.reason = "incident", .until = chance.of(std::vector<std::string>{"1m", "10m", "2h"})};
  request.all = chance.one_in(3);
  if (!request.all) request.environment = place();
  request.off = chance.one_in(2);
  return freeze_call(std::move(request));
}

Call Actors::attest() {
  std::string version = versions_.empty() ? "v0" : world_.chance().of(versions_);
  api::AttestRequest request{
      .release = version, .environment = place(), .type = "https://example.com/scan/v1", .predicate = "{}"};
  return {"attest", [=](api::Service& service, const Context& context) -> Result<std::string> {
            PAWL_ASSIGN(api::AttestResponse said, service.attest(context, request));
            return std::to_string(said.evidence.size()) + " statements";
          }};
}

Call Actors::ask_exception() {
  Chance& chance = world_.chance();
  api::ExceptionAskRequest request{.policy = chance.one_in(4) ? kBudgetPolicy : kValuePolicy,
                                   .environment = chance.one_in(4) ? "production" : "dev",
                                   .reason = "the cache is ill",
                                   .until = chance.of(std::vector<std::string>{"1m", "20m", "2h", "7d", "8d"})};
  if (chance.one_in(4)) request.object = "ConfigMap/app";
  if (chance.one_in(4) && !versions_.empty()) request.release = chance.of(versions_);
  Call call = exception_call(&api::Service::exception_ask, std::move(request));
  return {call.verb, [this, body = call.body](api::Service& service, const Context& context) -> Result<std::string> {
            newest_exception_ += 1;  // it may be kept even where whoever asked hears of an error
            return body(service, context);
          }};
}

Call Actors::exception_word() {
  Chance& chance = world_.chance();
  std::uint64_t back = chance.one_in(2) ? 0 : chance.below(3);
  std::uint64_t number = newest_exception_ > back ? newest_exception_ - back : 1;
  switch (chance.below(8)) {
    case 0:
      return exception_call(&api::Service::exception_reject,
                            api::ExceptionRejectRequest{.number = number, .comment = "not today"});
    case 1:
      return exception_call(&api::Service::exception_withdraw,
                            api::ExceptionWithdrawRequest{.number = number, .reason = "it is well again"});
    default:
      return exception_call(&api::Service::exception_approve, api::ExceptionApproveRequest{.number = number});
  }
}

// Others than those who ask answer more often.
Call Actors::draw_answer() {
  Chance& chance = world_.chance();
  bool about_policy = departs() && (!world_.setting().approval || chance.one_in(2));
  std::string asked = chance.one_in(3) ? "production" : "staging";
  Call call = about_policy       ? chance.one_in(3) ? ask_exception() : exception_word()
                    : chance.one_in(6) ? reject_call(asked)
                                 : approve_call(asked);
  call.person = chance.one_in(2) ? "grace" : who();
  return call;
}

Call Actors::draw_call() {
  Chance& chance = world_.chance();
  bool answers = world_.setting().people && (world_.setting().approval || departs()) && chance.one_in(3);
  Call call = answers ? draw_answer() : draw_other();
  if (!answers) call.person = who();
  call.fate = draw_fate(chance);
  return call;
}

Call Actors::draw_other() {
  Chance& chance = world_.chance();
  Call call;
  std::size_t drawn = chance.below(42);
  if (drawn < 22)
    call = promote();
  else if (drawn < 27)
    call = rollback();
  else if (drawn < 30)
    call = call_of("reconcile", &api::Service::reconcile, api::ReconcileRequest{.environment = place()});
  else if (drawn < 34)
    call = call_of("retry", &api::Service::retry, api::RetryRequest{.environment = place()});
  else if (drawn < 36)
    call = call_of("abort", &api::Service::abort, api::AbortRequest{.environment = place()});
  else if (drawn < 37)
    call = hold_call(place(), chance.one_in(2));
  else if (drawn < 38)
    call = apply_call();
  else if (drawn < 40)
    call = release();
  else
    call = chance.one_in(4) ? attest() : freeze();
  return call;
}

std::string Actors::run_one() {
  Call call = draw_call();
  return story(call, world_.run(call));
}

std::string Actors::run_several() {
  Chance& chance = world_.chance();
  world_.knows_the_dead = !chance.one_in(4);
  std::vector<Call> calls;
  for (std::size_t i = 0; i < 2 + chance.below(2); ++i) calls.push_back(draw_call());
  // People race for the same thing.
  if (chance.one_in(2)) calls[1] = {calls[0].verb, calls[0].body, who(), draw_fate(chance)};
  std::vector<Heard> heard = world_.race(calls);
  std::string out = "at once:";
  for (std::size_t i = 0; i < calls.size(); ++i) out += "\n    " + story(calls[i], heard[i]);
  return out;
}

std::string Actors::edit_content() {
  Chance& chance = world_.chance();
  Setting& setting = world_.setting();
  setting.app = static_cast<int>(chance.below(1000));
  if (chance.one_in(3)) setting.app = static_cast<int>(chance.below(4));
  if (chance.one_in(3)) setting.dev_only = static_cast<int>(chance.below(3));
  if (chance.one_in(3)) setting.production_only = static_cast<int>(chance.below(3));
  if (chance.one_in(8)) world_.sources().set_image(kImage, "image " + std::to_string(chance.below(5)));
  world_.save();
  Call call = release();
  call.person = who();
  call.fate = draw_fate(chance);
  return "content changed; " + story(call, world_.run(call));
}

void Actors::turn_a_knob() {
  Chance& chance = world_.chance();
  Setting& setting = world_.setting();
  switch (chance.below(9)) {
    case 0:
      setting.soak = !setting.soak;
      break;
    case 1:
      setting.any_upstream = !setting.any_upstream;
      break;
    case 2:
    case 3:
      setting.load_check = !setting.load_check;
      break;
    case 4:
      setting.moved_target = !setting.moved_target;
      break;
    case 5:
      setting.people = people_come_ && !setting.people;
      setting.only_ada = setting.people && chance.one_in(3);
      had_people_ = had_people_ || setting.people;
      setting.approval = setting.people && chance.one_in(2);
      break;
    case 6:
      setting.rollback_on_failure = !setting.rollback_on_failure;
      break;
    case 7:
      setting.window = !setting.window;
      break;
    default:
      setting.approval = setting.people && !setting.approval;
      break;
  }
}

std::string Actors::edit_configuration() {
  Chance& chance = world_.chance();
  turn_a_knob();
  world_.save();
  Call call = apply_call();
  call.person = chance.one_in(2) ? "ada" : who();
  call.fate = draw_fate(chance);
  return chance.one_in(3) ? "configuration changed" : "configuration changed; " + story(call, world_.run(call));
}

std::string Actors::edit_policies() {
  Chance& chance = world_.chance();
  if (!policies_come_) return edit_configuration();
  if (chance.one_in(4)) return break_policies();
  Setting& setting = world_.setting();
  setting.policies = !chance.one_in(6);
  setting.strict = !chance.one_in(3);
  setting.budget = chance.one_in(2);
  if (chance.one_in(5)) setting.exceptions = people_come_ && !setting.exceptions;
  world_.save();
  Call call = apply_call();
  call.person = chance.one_in(4) ? who() : "ada";
  call.fate = draw_fate(chance);
  return "policies changed; " + story(call, world_.run(call));
}

// Somebody makes a mistake, tries to bring it in, and takes it back.
std::string Actors::break_policies() {
  world_.setting().broken = true;
  world_.save();
  Call call = world_.chance().one_in(3) ? promote() : apply_call();
  call.person = "ada";
  std::string out = "policies broken; " + story(call, world_.run(call));
  world_.setting().broken = false;
  world_.save();
  return out;
}

std::string Actors::move_clock() {
  Chance& chance = world_.chance();
  if (chance.one_in(3)) {
    // Behind for one call: by little, which is borne, or by too much, and then nothing may happen.
    auto by = std::chrono::seconds(chance.of(std::vector<int>{1, 60, 240, 3600}));
    world_.clock().advance(-by);
    std::string out = "clock behind by " + std::to_string(by.count()) + "s; " + run_one();
    world_.clock().advance(by);
    return out;
  }
  if (chance.one_in(4)) return near_the_hour();
  auto by = std::chrono::seconds(chance.of(std::vector<int>{1, 30, 90, 300, 700, 3600, 21600, 86400}));
  world_.clock().advance(by);
  return "clock " + std::to_string(by.count()) + "s on";
}

// Windows open and close on the hour: some go on while that happens.
std::string Actors::near_the_hour() {
  Time hour = std::chrono::ceil<std::chrono::hours>(world_.clock().now());
  if (hour - std::chrono::seconds(45) < world_.clock().now()) return run_several();
  world_.clock().set(hour - std::chrono::seconds(45));
  return "clock before " + render_time(hour) + "; " + run_several();
}

std::string Actors::change_checks() {
  Chance& chance = world_.chance();
  std::string name = chance.one_in(3) ? "load" : "smoke";
  std::size_t mood = chance.below(5);
  ports::CheckResult answer{.passed = mood > 1, .errored = mood == 1, .reason = mood > 1 ? "" : "exit status 1"};
  world_.set_check(name, answer);
  return "check " + name + (answer.passed ? " passes" : answer.errored ? " errs" : " fails");
}

std::string Actors::touch_target() {
  Chance& chance = world_.chance();
  std::vector<std::string> all = world_.targets().identities();
  if (all.empty()) return "nothing to touch";
  std::string identity = chance.of(all);
  std::shared_ptr<memory::Target> target = world_.targets().at(identity);
  if (chance.one_in(4))
    target->add_foreign("notes.txt");
  else
    target->edit(chance.one_in(2) ? "app" : "base",
                 chance.one_in(3) ? std::nullopt : std::optional<std::string>("edited: true\n"), "ada");
  return identity + " edited by hand";
}

std::string Actors::lose_blob() {
  std::size_t count = world_.blobs().count();
  if (count == 0) return "nothing to lose";
  std::string bytes = world_.blobs().nth(world_.chance().below(count));
  if (bytes.empty()) return "nothing to lose";
  Digest digest = crypto::sha256(bytes);
  if (world_.chance().one_in(2))
    world_.blobs().lose(digest);
  else
    world_.blobs().corrupt(digest, bytes + " ");
  std::string out = "blob " + digest.brief() + " lost; " + run_one();
  world_.blobs().corrupt(digest, bytes);  // somebody had a copy
  return out;
}

std::string Actors::offer_a_secret() {
  world_.setting().plain_secret = true;
  world_.save();
  Call call = release_call("with-a-secret");
  call.person = "ada";
  std::string out = story(call, world_.run(call));
  world_.setting().plain_secret = false;
  world_.save();
  return out;
}

std::string Actors::act() {
  world_.knows_the_dead = !world_.chance().one_in(5);
  std::size_t drawn = world_.chance().below(100);
  if (drawn < 60) return run_one();
  if (drawn < 74) return run_several();
  if (drawn < 79) return edit_content();
  if (drawn < 81) return edit_configuration();
  if (drawn < 83) return edit_policies();
  if (drawn < 87) return move_clock();
  if (drawn < 93) return change_checks();
  if (drawn < 96) return touch_target();
  if (drawn < 99) return lose_blob();
  return offer_a_secret();
}

std::string Actors::settle_one(const std::string& environment, const std::string& version) {
  constexpr int kTries = 4;
  Heard heard;
  for (int i = 0; i < kTries; ++i) {
    world_.clock().advance(std::chrono::minutes(11));  // past every soak and lease
    Call call =
        call_of("promote", &api::Service::promote,
                api::PromoteRequest{.environment = environment, .release = version, .supersede = true, .adopt = true});
    call.person = "ada";
    heard = world_.run(call);
    if (heard.ok && (heard.text.starts_with("done") || heard.text.starts_with("nothing"))) return "";
    // What another release has under way must be aborted first.
    call = call_of("abort", &api::Service::abort, api::AbortRequest{.environment = environment});
    call.person = "ada";
    (void)world_.run(call);
  }
  return environment + " is stuck: " + heard.text;
}

void Actors::thaw() {
  std::vector<std::string> scopes(std::begin(kEnvironments), std::end(kEnvironments));
  scopes.emplace_back();
  for (const std::string& scope : scopes) {
    Call call = freeze_call({.environment = scope, .all = scope.empty(), .off = true});
    call.person = "ada";
    (void)world_.run(call);
  }
}

std::string Actors::settle() {
  world_.knows_the_dead = true;
  Setting& setting = world_.setting();
  setting.approval = false;
  setting.only_ada = false;
  setting.window = false;
  setting.strict = false;  // policies stay, and are asked
  setting.budget = false;
  setting.app = 1000 + edits_;  // content that was never there
  for (const char* check : {"smoke", "load"}) world_.set_check(check, {.passed = true});
  world_.save();
  Call call = apply_call();
  call.person = "ada";
  (void)world_.run(call);
  thaw();
  call = release_call("settled");
  call.person = "ada";
  if (Heard heard = world_.run(call); !heard.ok) return "no release can be cut: " + heard.text;
  for (const char* environment : kEnvironments) {
    if (std::string stuck = settle_one(environment, "settled"); !stuck.empty()) return stuck;
  }
  return "";
}

}  // namespace pawl::sim

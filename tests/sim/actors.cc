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

std::string story(const Call& call, const Heard& heard) {
  std::string fate = call.fate.blow == Blow::kNone ? ""
                                                   : " [" + std::string(name_of(call.fate.blow)) + " at call " +
                                                         std::to_string(call.fate.call) + "]";
  return call.verb + " as " + (call.person.empty() ? "nobody" : call.person) + fate + ": " + heard.text;
}

}  // namespace

Actors::Actors(World& world)
    : world_(world), people_come_(world.chance().one_in(5)), had_people_(people_come_ && world.chance().one_in(2)) {
  world_.setting().people = had_people_;
  world_.setting().approval = had_people_ && world_.chance().one_in(2);
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

Call Actors::draw_call() {
  Chance& chance = world_.chance();
  Call call;
  bool answers = world_.setting().approval && chance.one_in(3);
  std::string asked = answers && chance.one_in(3) ? "production" : "staging";
  std::size_t drawn = chance.below(40);
  if (answers)
    call = chance.one_in(6) ? reject_call(asked) : approve_call(asked);
  else if (drawn < 22)
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
  else
    call = release();
  call.person = who();
  if (answers && chance.one_in(2)) call.person = "grace";  // others ask more often
  call.fate = draw_fate(chance);
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

std::string Actors::edit_configuration() {
  Chance& chance = world_.chance();
  Setting& setting = world_.setting();
  switch (chance.below(8)) {
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
    default:
      setting.approval = setting.people && !setting.approval;
      break;
  }
  world_.save();
  Call call = apply_call();
  call.person = chance.one_in(2) ? "ada" : who();
  call.fate = draw_fate(chance);
  return chance.one_in(3) ? "configuration changed" : "configuration changed; " + story(call, world_.run(call));
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
  auto by = std::chrono::seconds(chance.of(std::vector<int>{1, 30, 90, 300, 700, 3600, 86400}));
  world_.clock().advance(by);
  return "clock " + std::to_string(by.count()) + "s on";
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
  if (drawn < 82) return edit_configuration();
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

std::string Actors::settle() {
  world_.knows_the_dead = true;
  Setting& setting = world_.setting();
  setting.approval = false;
  setting.only_ada = false;
  setting.app = 1000 + edits_;  // content that was never there
  for (const char* check : {"smoke", "load"}) world_.set_check(check, {.passed = true});
  world_.save();
  Call call = apply_call();
  call.person = "ada";
  (void)world_.run(call);
  call = release_call("settled");
  call.person = "ada";
  if (Heard heard = world_.run(call); !heard.ok) return "no release can be cut: " + heard.text;
  for (const char* environment : kEnvironments) {
    if (std::string stuck = settle_one(environment, "settled"); !stuck.empty()) return stuck;
  }
  return "";
}

}  // namespace pawl::sim

#include "tests/sim/invariants.h"

#include <algorithm>

#include "core/model/referrer.h"
#include "core/model/statement.h"
#include "tests/sim/entrance.h"
#include "tests/sim/layer_texts.h"
#include "tests/sim/person.h"

namespace pawl::sim {

namespace {

using model::Environment;
using model::EnvironmentName;

std::string numbered(std::uint64_t number) { return "promotion " + std::to_string(number); }

bool starts_with(const std::string& text, std::string_view prefix) { return text.starts_with(prefix); }

// The environment as the configuration of `digest` has it; null when that cannot be read.
const Environment* environment_in(const Sight& sight, const std::optional<Digest>& digest,
                                  const EnvironmentName& name) {
  if (!digest) return nullptr;
  const model::Configuration* configuration = sight.outside.documents.configuration(*digest);
  return configuration == nullptr ? nullptr : configuration->find(name);
}

std::string unpinned(const std::string& yaml) {
  constexpr std::string_view kField = "image: ";
  for (std::size_t at = yaml.find(kField); at != std::string::npos; at = yaml.find(kField, at + 1)) {
    std::string image = yaml.substr(at + kField.size(), yaml.find('\n', at) - at - kField.size());
    if (image.find("@sha256:") == std::string::npos) return image;
  }
  return "";
}

}  // namespace

std::string nothing_is_resolved_after_the_lock(const Sight& sight) {
  if (sight.entry == nullptr) {
    for (const Heard& heard : sight.outside.heard) {
      bool may_ask = heard.verb == "release" || heard.verb == "lock";
      auto asked = std::find_if(heard.ports.begin(), heard.ports.end(),
                                [](const std::string& port) { return starts_with(port, "sources."); });
      if (!may_ask && asked != heard.ports.end()) return heard.verb + " called " + *asked;
    }
    return "";
  }
  const auto* cut = sight.event<plan::ReleaseCut>();
  if (cut == nullptr) return "";
  const model::Release* release = sight.outside.documents.release(cut->release);
  if (release == nullptr) return "";  // 4 says so
  for (const model::ReleaseBundle& bundle : release->bundles) {
    for (const auto& [layer, yaml] :
         layers_of(sight, bundle.bundle.digest).value_or(std::map<std::string, std::string>())) {
      if (std::string image = unpinned(yaml); !image.empty()) return "layer " + layer + " names " + image;
    }
  }
  return "";
}

std::string a_bundle_is_a_function_of_snapshot_and_environment(const Sight& sight) {
  const auto* cut = sight.event<plan::ReleaseCut>();
  if (cut == nullptr) return "";
  auto [known, fresh] = sight.outside.rendered.emplace(cut->snapshot, cut->release);
  if (fresh || known->second == cut->release) return "";
  return "snapshot " + cut->snapshot.brief() + " gave release " + known->second.brief() + " and now " +
         cut->release.brief();
}

namespace {

// How an entry jumps the queue.
class OutOfTurn {
 public:
  explicit OutOfTurn(const Book& book) : book_(book) {}

  std::string operator()(const plan::ConfigurationApplied& e) const {
    return e.previous == book_.configuration() ? "" : "a configuration replaces one that is not in force";
  }
  std::string operator()(const plan::ReleaseCut& e) const {
    return book_.releases().contains(e.serial) ? "release r" + std::to_string(e.serial) + " was cut twice" : "";
  }
  std::string operator()(const plan::PromotionOpened& e) const {
    if (e.number != book_.newest_promotion() + 1) return numbered(e.number) + " is out of turn";
    return expect_head(e.environment, e.from);
  }
  std::string operator()(const plan::PromotionRetried& e) const {
    const Promotion& promotion = book_.promotion(e.number);
    return promotion.outcome && e.attempt == promotion.attempt + 1 ? ""
                                                                   : numbered(e.number) + " is retried out of turn";
  }
  std::string operator()(const plan::PromotionStarted& e) const {
    const Promotion& promotion = book_.promotion(e.number);
    const Place& place = book_.place(promotion.opened.environment);
    if (promotion.phase != plan::Phase::kWaiting) return numbered(e.number) + " started twice";
    if (place.pending && !place.half_applied) return numbered(e.number) + " started beside another";
    if (std::string jump = next_epoch(place, e.epoch); !jump.empty()) return jump;
    return expect_head(promotion.opened.environment, e.from);
  }
  std::string operator()(const plan::PromotionResumed& e) const {
    const Promotion& promotion = book_.promotion(e.number);
    if (promotion.outcome) return numbered(e.number) + " went on after its outcome";
    return next_epoch(book_.place(promotion.opened.environment), e.epoch);
  }
  std::string operator()(const plan::PromotionApplied& e) const {
    const Promotion& promotion = book_.promotion(e.number);
    const Place& place = book_.place(promotion.opened.environment);
    if (promotion.phase != plan::Phase::kRunning || place.pending != e.number)
      return numbered(e.number) + " moved the head, and was not pending";
    return same_epoch(e.number, e.epoch);
  }
  std::string operator()(const plan::CheckFinished& e) const { return same_epoch(e.number, e.epoch); }
  std::string operator()(const plan::PromotionFinished& e) const {
    const Promotion& promotion = book_.promotion(e.number);
    if (promotion.outcome || promotion.attempt != e.attempt)
      return numbered(e.number) + " has two outcomes for one attempt";
    return promotion.phase == plan::Phase::kWaiting ? "" : same_epoch(e.number, e.epoch);
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }

 private:
  std::string expect_head(const EnvironmentName& name, const std::optional<Digest>& from) const {
    const std::optional<HeadSeen>& head = book_.place(name).head;
    bool same = head ? from == head->bundle : !from.has_value();
    return same ? "" : "the head of " + name.str() + " is not the one that was expected";
  }
  static std::string next_epoch(const Place& place, std::uint64_t epoch) {
    return epoch == place.epoch + 1 ? "" : "epoch " + std::to_string(epoch) + " follows " + std::to_string(place.epoch);
  }
  std::string same_epoch(std::uint64_t number, std::uint64_t epoch) const {
    const Promotion& promotion = book_.promotion(number);
    bool same = epoch == promotion.epoch && epoch == book_.place(promotion.opened.environment).epoch;
    return same ? "" : numbered(number) + " wrote under epoch " + std::to_string(epoch) + ", which was passed on";
  }
  const Book& book_;
};

}  // namespace

std::string a_head_moves_only_by_compare_and_swap(const Sight& sight) {
  if (sight.entry == nullptr)
    return !sight.outside.forgotten.empty() ? sight.outside.forgotten : sight.outside.unlike_ledger;
  if (sight.entry->time < sight.book.last_time()) return "time runs backwards";
  return std::visit(OutOfTurn(sight.book), sight.entry->event);
}

namespace {

std::string unexplained(const EnvironmentName& name, const Place& place, const ports::Receipt& receipt) {
  const std::string where = "the target of " + name.str();
  auto given = place.given.find(receipt.epoch);
  if (given == place.given.end()) return where + " has an epoch that the ledger never gave out";
  if (given->second != receipt.promotion) return where + " has another promotion's epoch";
  if (!receipt.bundle) return "";
  bool is_known = (place.head && place.head->bundle == *receipt.bundle) || place.tried.contains(*receipt.bundle) ||
                  place.visited.contains(*receipt.bundle);
  return is_known ? "" : where + " holds a bundle that was never meant for it";
}

// The target is all of one bundle, and with nothing under way that bundle is the head.
std::string torn(const Sight& sight, const EnvironmentName& name, const Place& place, const TargetSeen& target) {
  bool is_ours = target.receipt && target.receipt->environment == name.str();
  if (!is_ours || target.edited) return "";
  if (std::string how = unexplained(name, place, *target.receipt); !how.empty()) return how;
  if (!place.pending && (!target.receipt->bundle || *target.receipt->bundle != place.head->bundle))
    return "the head of " + name.str() + " is not what its target holds";
  if (!target.receipt->bundle) return "";
  std::optional<std::map<std::string, std::string>> layers = layers_of(sight, *target.receipt->bundle);
  return layers == target.layers ? "" : "the target of " + name.str() + " is a mixture";
}

std::string not_whole(const Sight& sight, const EnvironmentName& name, const Place& place) {
  if (!place.head) return "";
  const model::Bundle* bundle = sight.outside.documents.bundle(place.head->bundle);
  bool is_whole = bundle != nullptr && bundle->environment == name && layers_of(sight, place.head->bundle);
  return is_whole ? "" : "the head of " + name.str() + " is no whole bundle of it";
}

std::string missing_of(const Sight& sight, const plan::ReleaseCut& cut) {
  std::string what = "release r" + std::to_string(cut.serial) + " is in the ledger, and a part of it is not there";
  const model::Release* release = sight.outside.documents.release(cut.release);
  if (release == nullptr || !sight.outside.documents.bytes(cut.record)) return what;
  for (const model::ReleaseBundle& bundle : release->bundles) {
    if (!layers_of(sight, bundle.bundle.digest)) return what;
  }
  return "";
}

}  // namespace

std::string intent_comes_before_effect(const Sight& sight) {
  if (const auto* applied = sight.event<plan::ConfigurationApplied>())
    return sight.outside.documents.configuration(applied->configuration) ? "" : "a configuration in force is not there";
  if (const auto* cut = sight.event<plan::ReleaseCut>()) return missing_of(sight, *cut);
  if (sight.entry != nullptr) return "";
  for (const auto& [name, place] : sight.book.places()) {
    if (std::string broken = not_whole(sight, name, place); !broken.empty()) return broken;
    std::uint64_t latest = place.pending ? *place.pending : place.head ? place.head->promotion : 0;
    const Environment* environment = environment_in(sight, sight.book.promotion(latest).opened.configuration, name);
    if (environment == nullptr) continue;
    auto target = sight.outside.targets.find(model::identity(environment->target));
    if (target == sight.outside.targets.end()) continue;
    if (std::string how = torn(sight, name, place, target->second); !how.empty()) return how;
  }
  for (const auto& [identity, target] : sight.outside.targets) {
    if (!target.receipt) continue;
    EnvironmentName name(target.receipt->environment);
    if (std::string how = unexplained(name, sight.book.place(name), *target.receipt); !how.empty()) return how;
  }
  return "";
}

namespace {

// Whether `upstream` lets the release on, by what the book knows.
bool lets_on(const Sight& sight, const Environment& upstream, const model::Release& release, Duration soak) {
  const model::ReleaseBundle* bundle = release.find(upstream.name);
  if (bundle == nullptr) return false;
  const Place& place = sight.book.place(upstream.name);
  auto worth = place.worth.find(bundle->bundle.digest);
  if (worth == place.worth.end() || !worth->second.verified) return false;
  return worth->second.checks == model::digest_of_checks(upstream) && worth->second.soaked(sight.entry->time) >= soak;
}

}  // namespace

std::string only_what_is_verified_upstream_enters(const Sight& sight) {
  const auto* started = sight.event<plan::PromotionStarted>();
  if (started == nullptr) return "";
  const plan::PromotionOpened& opened = sight.book.promotion(started->number).opened;
  const Environment* environment = environment_in(sight, sight.book.configuration(), opened.environment);
  if (opened.kind != plan::PromotionKind::kPromote || environment == nullptr || environment->promotes_from.empty())
    return "";
  auto cut = sight.book.releases().find(opened.release);
  const model::Release* release =
      cut == sight.book.releases().end() ? nullptr : sight.outside.documents.release(cut->second.release);
  if (release == nullptr) return numbered(started->number) + " started with a release that nobody cut";
  bool any = false;
  Duration soak{};
  for (const model::Gate& gate : environment->gates) {
    if (const auto* upstream = std::get_if<model::UpstreamGate>(&gate))
      any = upstream->rule == model::UpstreamRule::kAny;
    if (const auto* soaking = std::get_if<model::SoakGate>(&gate)) soak = soaking->time;
  }
  std::size_t yes = 0;
  for (const EnvironmentName& name : environment->promotes_from) {
    const Environment* upstream = environment_in(sight, sight.book.configuration(), name);
    yes += lets_on(sight, *upstream, *release, any ? Duration{} : soak) ? 1u : 0u;
  }
  if (any ? yes > 0 : yes == environment->promotes_from.size()) return "";
  return numbered(started->number) + " entered " + opened.environment.str() + ", and upstream had not verified it";
}

std::string a_rollback_is_an_earlier_bundle(const Sight& sight) {
  if (const auto* opened = sight.event<plan::PromotionOpened>()) {
    if (opened->kind != plan::PromotionKind::kRollback) return "";
    if (!sight.book.place(opened->environment).visited.contains(opened->bundle))
      return numbered(opened->number) + " rolls back to what was never here";
    bool says = !opened->reason.empty() && !opened->requester.empty() && !sight.entry->actor.subject.empty();
    return says ? "" : numbered(opened->number) + " rolls back and does not say why or who";
  }
  if (sight.entry != nullptr) return "";
  for (const Heard& heard : sight.outside.heard) {
    for (const std::string& port : heard.ports) {
      // The project file and the folder of policies may be read: an edited configuration is taken over by every verb.
      bool looks_elsewhere = starts_with(port, "sources.") || starts_with(port, "workspace.read_tree_at");
      if (heard.verb == "rollback" && looks_elsewhere) return "a rollback called " + port;
    }
  }
  for (const auto& [name, place] : sight.book.places()) {
    auto held = sight.outside.held.find(name);
    bool is_held = held != sight.outside.held.end() && held->second;
    if (place.held && !is_held) return name.str() + " was rolled back and is not held";
  }
  return "";
}

namespace {

// Whether `record` is a signed test result, by a trusted key, about `bundle`, that says PASSED.
bool attests(const Sight& sight, const Digest& record, const Digest& bundle) {
  std::optional<std::string> manifest = sight.outside.documents.bytes(record);
  if (!manifest) return false;
  Result<model::Referrer> referrer = model::decode_referrer(std::move(*manifest));
  if (!referrer || referrer->subject != bundle) return false;
  std::optional<std::string> bytes = sight.outside.documents.bytes(referrer->record.digest);
  if (!bytes) return false;
  Result<model::VerifiedStatement> verified = model::verify_statement(std::move(*bytes), sight.outside.check_keys);
  if (!verified || verified->statement.predicate_type != model::kTestResultPredicate) return false;
  const format::Value* result = verified->statement.predicate.root.find("result");
  const std::vector<model::Subject>& subjects = verified->statement.subjects;
  bool about = std::any_of(subjects.begin(), subjects.end(), [&](const auto& s) { return s.digest == bundle; });
  return about && result != nullptr && result->is_string() && result->as_string() == "PASSED";
}

}  // namespace

namespace {

// What is recorded as evidence hangs on what it is about.
std::string misplaced(const Sight& sight, const plan::EvidenceRecorded& recorded) {
  std::optional<std::string> manifest = sight.outside.documents.bytes(recorded.record);
  Result<model::Referrer> referrer = model::decode_referrer(manifest.value_or(""));
  bool about = referrer && referrer->subject == recorded.subject;
  return about ? "" : "evidence about " + recorded.subject.brief() + " is recorded and not there";
}

}  // namespace

std::string evidence_counts_only_signed_and_about_the_digest(const Sight& sight) {
  if (sight.entry == nullptr)
    return sight.book.results_left_out().empty() ? "" : "the result of a check is no evidence about its bundle";
  if (const auto* recorded = sight.event<plan::EvidenceRecorded>()) return misplaced(sight, *recorded);
  if (const auto* check = sight.event<plan::CheckFinished>(); check != nullptr && check->passed) {
    const std::vector<CheckRun>& runs = sight.outside.runs;
    bool was_said = std::any_of(runs.begin(), runs.end(), [&](const CheckRun& run) {
      return run.promotion == check->number && run.check == check->check && run.passed;
    });
    if (!was_said) return "check " + check->check + " of " + numbered(check->number) + " never passed";
    const Digest& bundle = sight.book.promotion(check->number).opened.bundle;
    bool attested = check->record && attests(sight, *check->record, bundle);
    return attested ? "" : "check " + check->check + " of " + numbered(check->number) + " passed without evidence";
  }
  const auto* finished = sight.event<plan::PromotionFinished>();
  if (finished == nullptr || finished->outcome != plan::Outcome::kSucceeded) return "";
  const Promotion& promotion = sight.book.promotion(finished->number);
  const Environment* environment = environment_in(sight, promotion.opened.configuration, promotion.opened.environment);
  if (environment == nullptr) return "";
  for (const model::Check& check : environment->verification) {
    if (!promotion.passed.contains(check.name))
      return numbered(finished->number) + " succeeded without check " + check.name;
  }
  return finished->checks == model::digest_of_checks(*environment) ? ""
                                                                   : numbered(finished->number) + " names other checks";
}

namespace {

const model::Configuration* in_force(const Sight& sight) {
  std::optional<Digest> digest = sight.book.configuration();
  return digest ? sight.outside.documents.configuration(*digest) : nullptr;
}

// What a gate should have said and cannot have.
std::string missed(const Sight& sight, const Environment& environment, const plan::PromotionStarted& started) {
  std::string how = shut_window(environment, sight.entry->time);
  if (how.empty()) how = frozen(sight, environment.name);
  if (how.empty()) how = unlawful(sight, *in_force(sight), environment, started);
  return how.empty() ? "" : numbered(started.number) + " started " + how;
}

}  // namespace

std::string nothing_evaluated_is_no_pass(const Sight& sight) {
  if (const auto* applied = sight.event<plan::ConfigurationApplied>()) {
    const model::Configuration* configuration = sight.outside.documents.configuration(applied->configuration);
    bool broken = configuration != nullptr && has_broken_policies(sight, *configuration);
    return broken ? "policies are in force that nobody can ask" : "";
  }
  const auto* started = sight.event<plan::PromotionStarted>();
  if (started == nullptr) return "";
  const plan::PromotionOpened& opened = sight.book.promotion(started->number).opened;
  for (const plan::GateAnswer& answer : started->gates) {
    if (answer.state != plan::GateState::kPassed)
      return numbered(started->number) + " started against gate " + answer.gate;
  }
  const Environment* environment = environment_in(sight, sight.book.configuration(), opened.environment);
  if (opened.kind != plan::PromotionKind::kPromote || environment == nullptr) return "";
  for (const model::Gate& gate : model::effective_gates(*environment)) {
    auto answers_it = [&](const plan::GateAnswer& answer) { return answer.gate == model::name_of(gate); };
    if (std::none_of(started->gates.begin(), started->gates.end(), answers_it))
      return numbered(started->number) + " started and gate " + std::string(model::name_of(gate)) + " was not asked";
  }
  return missed(sight, *environment, *started);
}

std::string no_secret_is_seen(const Sight& sight) {
  if (sight.entry != nullptr) return "";
  for (const std::string& bytes : sight.outside.written) {
    if (bytes.find(sight.outside.secret) != std::string::npos) return "the secret was written: " + bytes.substr(0, 200);
  }
  for (const Heard& heard : sight.outside.heard) {
    if (heard.text.find(sight.outside.secret) != std::string::npos) return heard.verb + " said the secret";
  }
  for (const auto& [identity, target] : sight.outside.targets) {
    for (const auto& [layer, text] : target.layers) {
      if (text.find(sight.outside.secret) != std::string::npos) return identity + " holds the secret";
    }
  }
  return "";
}

namespace {

// Of those whom the gate names, others than whoever asked, about the plan that starts. The gate names persons here.
std::size_t agreed(const Promotion& promotion, const model::ApprovalGate& gate) {
  return static_cast<std::size_t>(std::count_if(gate.from.begin(), gate.from.end(), [&](const std::string& name) {
    auto said = promotion.said.find(model::PersonName(name));
    return said != promotion.said.end() && name != promotion.opened.requester &&
           said->second.verdict == model::ApprovalVerdict::kApproved && said->second.plan == promotion.opened.plan;
  }));
}

// Whoever speaks about a departure from a policy is who they say, and whoever asks for one says nothing to it.
std::string speaks_for_another(const Sight& sight) {
  const model::Configuration* configuration = in_force(sight);
  if (configuration == nullptr) return "";
  std::string who = person_behind(*configuration, sight.entry->actor).value_or(sight.entry->actor.subject);
  if (const auto* asked = sight.event<plan::ExceptionAsked>())
    return asked->exception.requester == who ? "" : who + " asked for an exception as " + asked->exception.requester;
  const auto* answered = sight.event<plan::ExceptionAnswered>();
  if (answered == nullptr) return "";
  std::string name = "exception " + std::to_string(answered->number);
  if (answered->person.str() != who) return who + " answered " + name + " as " + answered->person.str();
  auto about = sight.book.departures().find(answered->number);
  bool own = about == sight.book.departures().end() || about->second.asked.exception.requester == who;
  return own ? who + " answered " + name + ", which is their own" : "";
}

}  // namespace

std::string a_requester_is_no_approver(const Sight& sight) {
  if (sight.entry == nullptr) return "";
  if (std::string how = speaks_for_another(sight); !how.empty()) return how;
  if (const auto* opened = sight.event<plan::PromotionOpened>()) {
    if (!sight.book.configuration()) return "";
    const model::Configuration* configuration = sight.outside.documents.configuration(*sight.book.configuration());
    if (configuration == nullptr) return "";
    std::string asked = person_behind(*configuration, sight.entry->actor).value_or(sight.entry->actor.subject);
    return opened->requester == asked
               ? ""
               : numbered(opened->number) + " was asked for by " + asked + ", and says " + opened->requester;
  }
  const auto* started = sight.event<plan::PromotionStarted>();
  if (started == nullptr) return "";
  const Promotion& promotion = sight.book.promotion(started->number);
  const plan::PromotionOpened& opened = promotion.opened;
  const Environment* environment = environment_in(sight, sight.book.configuration(), opened.environment);
  if (environment == nullptr || opened.kind != plan::PromotionKind::kPromote) return "";
  for (const model::Gate& gate : environment->gates) {
    const auto* approval = std::get_if<model::ApprovalGate>(&gate);
    if (approval != nullptr && agreed(promotion, *approval) < approval->count)
      return numbered(started->number) + " started, and too few approved it";
  }
  return "";
}

}  // namespace pawl::sim

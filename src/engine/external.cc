#include "engine/external.h"

#include <algorithm>

#include "base/shorten.h"
#include "base/text.h"
#include "engine/views.h"
#include "format/json.h"

namespace pawl::engine {

namespace {

constexpr Duration kFresh = std::chrono::seconds(5);
constexpr std::size_t kMostKept = 1000;

}  // namespace

std::optional<OutsideMemory::Said> OutsideMemory::recall(const std::string& question, Time now) {
  std::lock_guard lock(mutex_);
  auto found = kept_.find(question);
  bool fresh = found != kept_.end() && now - found->second.at < kFresh && now >= found->second.at;
  return fresh ? std::optional(found->second.said) : std::nullopt;
}

void OutsideMemory::keep(const std::string& question, const Said& said, Time now) {
  std::lock_guard lock(mutex_);
  if (kept_.size() >= kMostKept) kept_.clear();
  kept_.insert_or_assign(question, Kept{said, now});
}

namespace {

// What was asked and answered, as it is kept.
std::string record_of(const model::ExternalGate& gate, const std::string& question, const ports::CalloutReply& reply) {
  format::Arena arena;
  format::Value out = format::Value::map();
  out.set(arena, "answer", reply.body);
  out.set(arena, "gate", gate.name);
  out.set(arena, "question", question);
  out.set(arena, "signature", reply.signature);
  out.set(arena, "url", gate.url);
  return format::canonical_json(out).value();
}

// As it may stand in the ledger: what the other side sent may be quoted in it.
std::string in_words(const Error& error) { return shortened(escape_terminal(error.text()), 500); }

// One promotion being asked about.
class Asking {
 public:
  Asking(World& world, const Context& context, model::CalloutQuestion question, Time now, Outside outside)
      : world_(world), context_(context), question_(std::move(question)), now_(now), outside_(outside) {}

  Result<plan::ExternalFact> ask(const model::ExternalGate& gate) {
    if (outside_ == Outside::kLeftAlone) return plan::ExternalFact{.name = gate.name, .asked = false};
    std::string about = gate.name + " " + gate.url + " " + model::encode_question(question_);
    std::optional<OutsideMemory::Said> said;
    if (world_.outside) said = world_.outside->recall(about, now_);
    if (!said && outside_ == Outside::kRemembered) return plan::ExternalFact{.name = gate.name, .asked = false};
    if (!said) {
      PAWL_ASSIGN(said, ask_now(gate));
      if (world_.outside) world_.outside->keep(about, *said, world_.clock->now());
    }
    bool keeps = outside_ == Outside::kAskedAndKept && !said->record.empty();
    if (keeps) PAWL_TRY(world_.blobs->put(context_, "application/json", said->record));
    return std::move(said->fact);
  }

 private:
  Result<OutsideMemory::Said> ask_now(const model::ExternalGate& gate) {
    OutsideMemory::Said out{{.name = gate.name}, ""};
    model::CalloutQuestion question = question_;
    question.time = render_time(now_);
    std::string body = model::encode_question(question);
    Result<ports::CalloutReply> reply = send(gate, body);
    if (!reply) {
      // Where this verb was stopped or has no more time, nothing was found out.
      PAWL_TRY(context_.proceed());
      out.fact.trouble = in_words(reply.error());
      return out;
    }
    Result<model::CalloutAnswer> answer = model::decode_answer(reply->body);
    if (!answer) {
      out.fact.trouble = "its answer cannot be read: " + in_words(answer.error());
      return out;
    }
    out.fact.answer = std::move(*answer);
    out.record = record_of(gate, body, *reply);
    out.fact.record = crypto::sha256(out.record).str();
    return out;
  }

  Result<ports::CalloutReply> send(const model::ExternalGate& gate, const std::string& body) {
    if (!world_.callout) return Error(ErrorCode::kUnavailable, "nobody outside can be asked from here");
    return world_.callout->ask(context_, {gate.url, gate.secret, body, now_, gate.timeout, gate.retries});
  }

  World& world_;
  const Context& context_;
  model::CalloutQuestion question_;
  Time now_;
  Outside outside_;
};

}  // namespace

Result<std::vector<plan::ExternalFact>> ask_outside(World& world, const Context& context, const Moment& moment,
                                                    const model::Configuration& configuration,
                                                    const model::Environment& environment,
                                                    const plan::PromotionOpened& opened,
                                                    std::span<const model::Gate> gates, Outside outside) {
  std::vector<const model::ExternalGate*> asked;
  for (const model::Gate& gate : gates) {
    if (const auto* external = std::get_if<model::ExternalGate>(&gate)) asked.push_back(external);
  }
  if (asked.empty()) return std::vector<plan::ExternalFact>();
  model::CalloutQuestion question{.project = configuration.project.str(),
                                  .environment = environment.name.str(),
                                  .promotion = opened.number,
                                  .bundle = opened.bundle.str(),
                                  .plan = opened.plan.str(),
                                  .requester = opened.requester};
  PAWL_ASSIGN(question.release, label_of(moment.records, configuration.project, opened.release));
  Asking asking(world, context, std::move(question), moment.now, outside);
  std::vector<Result<plan::ExternalFact>> said(asked.size(), plan::ExternalFact{});
  world.executor->for_each(asked.size(), [&](std::size_t i) { said[i] = asking.ask(*asked[i]); });
  std::vector<plan::ExternalFact> out;
  for (Result<plan::ExternalFact>& one : said) {
    PAWL_ASSIGN(plan::ExternalFact fact, std::move(one));
    out.push_back(std::move(fact));
  }
  return out;
}

// Whatever was answered stands in a record.
bool any_left_alone(std::span<const plan::GateAnswer> answers) {
  return std::ranges::any_of(answers, [](const plan::GateAnswer& answer) {
    return answer.gate == "external" && answer.state == plan::GateState::kWaiting && answer.evidence.empty();
  });
}

}  // namespace pawl::engine

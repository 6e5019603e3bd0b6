#include "core/plan/event.h"

#include "base/strong.h"
#include "core/plan/codec.h"

namespace pawl::plan {

std::string_view name_of(PromotionKind kind) {
  switch (kind) {
    case PromotionKind::kPromote:
      return "promote";
    case PromotionKind::kRollback:
      return "rollback";
    case PromotionKind::kReconcile:
      return "reconcile";
  }
  return "";
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSucceeded:
      return "Succeeded";
    case Outcome::kFailed:
      return "Failed";
    case Outcome::kErrored:
      return "Errored";
    case Outcome::kBlocked:
      return "Blocked";
    case Outcome::kAborted:
      return "Aborted";
    case Outcome::kSuperseded:
      return "Superseded";
  }
  return "";
}

std::string_view type_of(const Event& event) {
  struct Names {
    std::string_view operator()(const ConfigurationApplied&) const { return "configuration.applied"; }
    std::string_view operator()(const ReleaseCut&) const { return "release.cut"; }
    std::string_view operator()(const ReleaseLabelled&) const { return "release.labelled"; }
    std::string_view operator()(const PromotionOpened&) const { return "promotion.opened"; }
    std::string_view operator()(const PromotionRetried&) const { return "promotion.retried"; }
    std::string_view operator()(const PromotionReplanned&) const { return "promotion.replanned"; }
    std::string_view operator()(const PromotionStarted&) const { return "promotion.started"; }
    std::string_view operator()(const PromotionResumed&) const { return "promotion.resumed"; }
    std::string_view operator()(const PromotionApplied&) const { return "promotion.applied"; }
    std::string_view operator()(const CheckFinished&) const { return "check.finished"; }
    std::string_view operator()(const PromotionFinished&) const { return "promotion.finished"; }
    std::string_view operator()(const ApprovalRecorded&) const { return "approval.recorded"; }
    std::string_view operator()(const ExceptionAsked&) const { return "exception.asked"; }
    std::string_view operator()(const ExceptionAnswered&) const { return "exception.answered"; }
    std::string_view operator()(const ExceptionWithdrawn&) const { return "exception.withdrawn"; }
    std::string_view operator()(const EvidenceRecorded&) const { return "evidence.recorded"; }
    std::string_view operator()(const EnvironmentHeld&) const { return "environment.held"; }
    std::string_view operator()(const FreezeSet&) const { return "freeze.set"; }
    std::string_view operator()(const VerificationRevoked&) const { return "verification.revoked"; }
  };
  return std::visit(Names{}, event);
}

namespace {

constexpr std::string_view kFormatVersion = "1";

// Tries alternative I and those behind it for the one of this type.
template <std::size_t I = 0>
Result<Event> decode_event(std::string_view type, const format::Value& body) {
  if constexpr (I == std::variant_size_v<Event>) {
    return Error(ErrorCode::kInvalid, "an entry of type \"" + std::string(type.substr(0, 64)) + "\" is not known",
                 "a newer pawl wrote it; use that version");
  } else {
    using T = std::variant_alternative_t<I, Event>;
    T event = format::Blank<T>::make();
    if (type_of(Event(event)) != type) return decode_event<I + 1>(type, body);
    PAWL_TRY(format::from_value(body, event));
    return Event(std::move(event));
  }
}

struct Envelope {
  std::string format;
  std::string type;
  std::string project;
  Time time;
  model::Actor actor;
  format::Value body;
};

template <class V>
void fields(V& v, Envelope& x) {
  v("actor", x.actor);
  v("format", x.format);
  v("project", x.project);
  v("time", x.time);
  v("type", x.type);
}

}  // namespace

std::string encode_entry(const Entry& entry) {
  format::Arena arena;
  Envelope envelope{
      std::string(kFormatVersion), std::string(type_of(entry.event)), entry.project.str(), entry.time, entry.actor, {}};
  format::Value map = format::to_value(arena, envelope);
  map.set(arena, "body", std::visit([&](const auto& event) { return format::to_value(arena, event); }, entry.event));
  return format::canonical_json(map).value();
}

Result<Entry> decode_entry(std::string bytes) {
  format::Arena arena;
  PAWL_ASSIGN(format::Value map, format::parse_json(arena, std::move(bytes)));
  const format::Value* body = map.find("body");
  if (body == nullptr) return Error(ErrorCode::kInvalid, "a ledger entry without a body");
  Envelope envelope;
  envelope.body = *body;
  map.erase("body");
  PAWL_TRY(format::from_value(map, envelope));
  if (envelope.format != kFormatVersion) {
    return Error(ErrorCode::kInvalid, "ledger entries of format " + envelope.format + " are not known",
                 "a newer pawl wrote it; use that version");
  }
  PAWL_ASSIGN(Event event, decode_event(envelope.type, envelope.body));
  return Entry{model::ProjectName(envelope.project), envelope.time, envelope.actor, std::move(event)};
}

}  // namespace pawl::plan

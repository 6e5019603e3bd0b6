#pragma once

#include <array>

#include "core/model/exception_codec.h"
#include "core/plan/event.h"
#include "core/plan/state.h"
#include "format/codec.h"

// The fields of every event and record, once. Only event.cc and state.cc include this.

namespace pawl::format {

template <>
struct EnumValues<plan::PromotionKind> {
  static constexpr std::array kAll = {plan::PromotionKind::kPromote, plan::PromotionKind::kRollback,
                                      plan::PromotionKind::kReconcile};
};
template <>
struct EnumValues<plan::Outcome> {
  static constexpr std::array kAll = {plan::Outcome::kSucceeded, plan::Outcome::kFailed,  plan::Outcome::kErrored,
                                      plan::Outcome::kBlocked,   plan::Outcome::kAborted, plan::Outcome::kSuperseded};
};
template <>
struct EnumValues<plan::GateState> {
  static constexpr std::array kAll = {plan::GateState::kPassed, plan::GateState::kFailed, plan::GateState::kWaiting,
                                      plan::GateState::kErrored};
};
template <>
struct EnumValues<plan::GateSubject> {
  static constexpr std::array kAll = {plan::GateSubject::kImage, plan::GateSubject::kSnapshot,
                                      plan::GateSubject::kRelease, plan::GateSubject::kBundle,
                                      plan::GateSubject::kPromotion};
};
template <>
struct EnumValues<plan::Phase> {
  static constexpr std::array kAll = {plan::Phase::kWaiting, plan::Phase::kRunning, plan::Phase::kApplied,
                                      plan::Phase::kFinished};
};

inline const crypto::Digest kBlankDigest = Blank<crypto::Digest>::make();
template <>
struct Blank<plan::ConfigurationApplied> {
  static plan::ConfigurationApplied make() { return {.configuration = kBlankDigest}; }
};
template <>
struct Blank<plan::ReleaseCut> {
  static plan::ReleaseCut make() { return {.release = kBlankDigest, .snapshot = kBlankDigest, .record = kBlankDigest}; }
};
template <>
struct Blank<plan::PromotionOpened> {
  static plan::PromotionOpened make() {
    return {.bundle = kBlankDigest, .plan = kBlankDigest, .configuration = kBlankDigest};
  }
};
template <>
struct Blank<plan::PromotionReplanned> {
  static plan::PromotionReplanned make() {
    return {.bundle = kBlankDigest, .plan = kBlankDigest, .configuration = kBlankDigest};
  }
};
template <>
struct Blank<plan::ApprovalRecorded> {
  static plan::ApprovalRecorded make() { return {.plan = kBlankDigest, .record = kBlankDigest}; }
};
template <>
struct Blank<plan::ExceptionAsked> {
  static plan::ExceptionAsked make() { return {.document = kBlankDigest}; }
};
template <>
struct Blank<plan::ExceptionAnswered> {
  static plan::ExceptionAnswered make() { return {.document = kBlankDigest, .record = kBlankDigest}; }
};
template <>
struct Blank<plan::ExceptionState> {
  static plan::ExceptionState make() { return {.asked = Blank<plan::ExceptionAsked>::make()}; }
};
template <>
struct Blank<plan::EvidenceRecorded> {
  static plan::EvidenceRecorded make() { return {.subject = kBlankDigest, .record = kBlankDigest}; }
};
template <>
struct Blank<plan::EvidenceNote> {
  static plan::EvidenceNote make() { return {.record = kBlankDigest}; }
};
template <>
struct Blank<plan::VerificationRevoked> {
  static plan::VerificationRevoked make() { return {.bundle = kBlankDigest}; }
};
template <>
struct Blank<plan::ReleaseState> {
  static plan::ReleaseState make() {
    return {.release = kBlankDigest, .snapshot = kBlankDigest, .record = kBlankDigest};
  }
};
template <>
struct Blank<plan::Head> {
  static plan::Head make() { return {.bundle = kBlankDigest, .configuration = kBlankDigest}; }
};
template <>
struct Blank<plan::Pending> {
  static plan::Pending make() { return {.bundle = kBlankDigest}; }
};
template <>
struct Blank<plan::VisitState> {
  static plan::VisitState make() { return {.bundle = kBlankDigest}; }
};
template <>
struct Blank<plan::PromotionState> {
  static plan::PromotionState make() { return {.opened = Blank<plan::PromotionOpened>::make()}; }
};

}  // namespace pawl::format

namespace pawl::model {

template <class V>
void fields(V& v, Actor& x) {
  v("issuer", x.issuer);
  v("method", x.method);
  v("subject", x.subject);
}

}  // namespace pawl::model

namespace pawl::plan {

template <class V>
void fields(V& v, GateAnswer& x) {
  v("details", x.details);
  v("evidence", x.evidence);
  v("found", x.found);
  v("gate", x.gate);
  v("state", x.state);
  v("subject", x.subject);
  v("until", x.until);
  v("who", x.who);
}

template <class V>
void fields(V& v, ConfigurationApplied& x) {
  v("configuration", x.configuration);
  v("previous", x.previous);
  v("request", x.request);
  v("takeover", x.takeover);
}
template <class V>
void fields(V& v, ReleaseCut& x) {
  v("commit", x.commit);
  v("departures", x.departures);
  v("dirty", x.dirty);
  v("message", x.message);
  v("record", x.record);
  v("release", x.release);
  v("request", x.request);
  v("serial", x.serial);
  v("snapshot", x.snapshot);
  v("version", x.version);
}
template <class V>
void fields(V& v, ReleaseLabelled& x) {
  v("request", x.request);
  v("serial", x.serial);
  v("version", x.version);
}
template <class V>
void fields(V& v, PromotionOpened& x) {
  v("adopt", x.adopt);
  v("bundle", x.bundle);
  v("configuration", x.configuration);
  v("environment", x.environment);
  v("from", x.from);
  v("kind", x.kind);
  v("layers", x.layers);
  v("number", x.number);
  v("plan", x.plan);
  v("reason", x.reason);
  v("release", x.release);
  v("request", x.request);
  v("requester", x.requester);
}
template <class V>
void fields(V& v, PromotionRetried& x) {
  v("attempt", x.attempt);
  v("configuration", x.configuration);
  v("number", x.number);
  v("request", x.request);
}
template <class V>
void fields(V& v, PromotionReplanned& x) {
  v("attempt", x.attempt);
  v("bundle", x.bundle);
  v("configuration", x.configuration);
  v("from", x.from);
  v("number", x.number);
  v("plan", x.plan);
  v("reason", x.reason);
}
template <class V>
void fields(V& v, PromotionStarted& x) {
  v("attempt", x.attempt);
  v("configuration", x.configuration);
  v("epoch", x.epoch);
  v("from", x.from);
  v("gates", x.gates);
  v("number", x.number);
}
template <class V>
void fields(V& v, PromotionResumed& x) {
  v("attempt", x.attempt);
  v("epoch", x.epoch);
  v("number", x.number);
}
template <class V>
void fields(V& v, PromotionApplied& x) {
  v("attempt", x.attempt);
  v("epoch", x.epoch);
  v("number", x.number);
  v("overwritten", x.overwritten);
  v("recovered", x.recovered);
}
template <class V>
void fields(V& v, CheckFinished& x) {
  v("attempt", x.attempt);
  v("check", x.check);
  v("epoch", x.epoch);
  v("errored", x.errored);
  v("number", x.number);
  v("passed", x.passed);
  v("reason", x.reason);
  v("record", x.record);
}
template <class V>
void fields(V& v, PromotionFinished& x) {
  v("attempt", x.attempt);
  v("checks", x.checks);
  v("configuration", x.configuration);
  v("epoch", x.epoch);
  v("gates", x.gates);
  v("number", x.number);
  v("outcome", x.outcome);
  v("reason", x.reason);
  v("request", x.request);
}
template <class V>
void fields(V& v, ApprovalRecorded& x) {
  v("comment", x.comment);
  v("expires", x.expires);
  v("given", x.given);
  v("number", x.number);
  v("person", x.person);
  v("plan", x.plan);
  v("record", x.record);
  v("verdict", x.verdict);
}
template <class V>
void fields(V& v, ExceptionAsked& x) {
  v("document", x.document);
  v("exception", x.exception);
  v("request", x.request);
}
template <class V>
void fields(V& v, ExceptionAnswered& x) {
  v("comment", x.comment);
  v("document", x.document);
  v("given", x.given);
  v("number", x.number);
  v("person", x.person);
  v("record", x.record);
  v("verdict", x.verdict);
}
template <class V>
void fields(V& v, ExceptionWithdrawn& x) {
  v("number", x.number);
  v("reason", x.reason);
  v("request", x.request);
}
template <class V>
void fields(V& v, EvidenceRecorded& x) {
  v("issued", x.issued);
  v("predicateType", x.predicate_type);
  v("record", x.record);
  v("signedBy", x.signed_by);
  v("subject", x.subject);
}
template <class V>
void fields(V& v, EnvironmentHeld& x) {
  v("environment", x.environment);
  v("on", x.on);
  v("reason", x.reason);
  v("request", x.request);
}
template <class V>
void fields(V& v, FreezeSet& x) {
  v("environment", x.environment);
  v("on", x.on);
  v("reason", x.reason);
  v("request", x.request);
  v("until", x.until);
}
template <class V>
void fields(V& v, VerificationRevoked& x) {
  v("bundle", x.bundle);
  v("environment", x.environment);
  v("reason", x.reason);
}

template <class V>
void fields(V& v, StoreState& x) {
  v("entries", x.entries);
  v("lastTime", x.last_time);
}
template <class V>
void fields(V& v, Freeze& x) {
  v("reason", x.reason);
  v("since", x.since);
  v("until", x.until);
}
template <class V>
void fields(V& v, ProjectState& x) {
  v("configuration", x.configuration);
  v("exceptions", x.exceptions);
  v("freeze", x.freeze);
  v("promotions", x.promotions);
  v("releases", x.releases);
}
template <class V>
void fields(V& v, ReleaseState& x) {
  v("commit", x.commit);
  v("cutAt", x.cut_at);
  v("cutBy", x.cut_by);
  v("departures", x.departures);
  v("dirty", x.dirty);
  v("message", x.message);
  v("record", x.record);
  v("release", x.release);
  v("serial", x.serial);
  v("snapshot", x.snapshot);
  v("versions", x.versions);
}
template <class V>
void fields(V& v, Head& x) {
  v("bundle", x.bundle);
  v("configuration", x.configuration);
  v("newest", x.newest);
  v("promotion", x.promotion);
  v("release", x.release);
  v("since", x.since);
}
template <class V>
void fields(V& v, Pending& x) {
  v("attempt", x.attempt);
  v("bundle", x.bundle);
  v("epoch", x.epoch);
  v("promotion", x.promotion);
}
template <class V>
void fields(V& v, Hold& x) {
  v("reason", x.reason);
  v("since", x.since);
}
template <class V>
void fields(V& v, EnvironmentState& x) {
  v("degraded", x.degraded);
  v("epoch", x.epoch);
  v("freeze", x.freeze);
  v("head", x.head);
  v("hold", x.hold);
  v("latest", x.latest);
  v("open", x.open);
  v("pending", x.pending);
  v("visits", x.visits);
}
template <class V>
void fields(V& v, BundleState& x) {
  v("checks", x.checks);
  v("longestSoakMs", x.longest_soak);
  v("newest", x.newest);
  v("promotion", x.promotion);
  v("revoked", x.revoked);
  v("soakingSince", x.soaking_since);
  v("verified", x.verified);
  v("verifiedAt", x.verified_at);
}
template <class V>
void fields(V& v, VisitState& x) {
  v("bundle", x.bundle);
  v("from", x.from);
  v("leftBy", x.left_by);
  v("promotion", x.promotion);
  v("release", x.release);
  v("to", x.to);
  v("visit", x.visit);
}
template <class V>
void fields(V& v, ExceptionState& x) {
  v("answers", x.answers);
  v("asked", x.asked);
  v("at", x.at);
  v("by", x.by);
  v("withdrawn", x.withdrawn);
}
template <class V>
void fields(V& v, EvidenceNote& x) {
  v("issued", x.issued);
  v("predicateType", x.predicate_type);
  v("record", x.record);
  v("recorded", x.recorded);
  v("signedBy", x.signed_by);
}
template <class V>
void fields(V& v, EvidenceState& x) {
  v("notes", x.notes);
}
template <class V>
void fields(V& v, AttemptRecord& x) {
  v("attempt", x.attempt);
  v("finished", x.finished);
  v("outcome", x.outcome);
  v("reason", x.reason);
}
template <class V>
void fields(V& v, PromotionState& x) {
  v("appliedAt", x.applied_at);
  v("approvals", x.approvals);
  v("attempt", x.attempt);
  v("attempts", x.attempts);
  v("checks", x.checks);
  v("epoch", x.epoch);
  v("gates", x.gates);
  v("opened", x.opened);
  v("openedAt", x.opened_at);
  v("openedBy", x.opened_by);
  v("overwritten", x.overwritten);
  v("phase", x.phase);
  v("recovered", x.recovered);
  v("startedAt", x.started_at);
}

}  // namespace pawl::plan

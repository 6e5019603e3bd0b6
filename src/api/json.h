#pragma once

#include "api/approval.h"
#include "api/audit.h"
#include "api/content.h"
#include "api/evidence.h"
#include "api/exception.h"
#include "api/promotion.h"
#include "api/serve.h"
#include "api/view.h"
#include "format/codec.h"

// The JSON of every response: one list of fields a struct, stable names in camelCase.

namespace pawl::api {

template <class V>
void fields(V& v, ReleaseView& x) {
  v("serial", x.serial);
  v("versions", x.versions);
  v("digest", x.digest);
  v("snapshot", x.snapshot);
  v("commit", x.commit);
  v("dirty", x.dirty);
  v("message", x.message);
  v("cutAt", x.cut_at);
  v("cutBy", x.cut_by);
  v("departures", x.departures);
}
template <class V>
void fields(V& v, GateView& x) {
  v("gate", x.gate);
  v("subject", x.subject);
  v("state", x.state);
  v("found", x.found);
  v("who", x.who);
  v("until", x.until);
  v("evidence", x.evidence);
  v("details", x.details);
}
template <class V>
void fields(V& v, CheckView& x) {
  v("name", x.name);
  v("state", x.state);
  v("reason", x.reason);
  v("record", x.record);
}
template <class V>
void fields(V& v, FieldView& x) {
  v("path", x.path);
  v("change", x.change);
  v("before", x.before);
  v("after", x.after);
  v("origin", x.origin);
}
template <class V>
void fields(V& v, ObjectView& x) {
  v("object", x.object);
  v("layer", x.layer);
  v("change", x.change);
  v("fields", x.fields);
  v("changedBy", x.changed_by);
  v("detail", x.detail);
  v("origin", x.origin);
}
template <class V>
void fields(V& v, ChangesView& x) {
  v("objects", x.objects);
  v("added", x.added);
  v("changed", x.changed);
  v("removed", x.removed);
}
template <class V>
void fields(V& v, AttemptView& x) {
  v("attempt", x.attempt);
  v("outcome", x.outcome);
  v("reason", x.reason);
  v("finished", x.finished);
}
template <class V>
void fields(V& v, PromotionView& x) {
  v("number", x.number);
  v("kind", x.kind);
  v("environment", x.environment);
  v("version", x.version);
  v("serial", x.serial);
  v("bundle", x.bundle);
  v("from", x.from);
  v("layers", x.layers);
  v("attempt", x.attempt);
  v("phase", x.phase);
  v("outcome", x.outcome);
  v("reason", x.reason);
  v("requester", x.requester);
  v("requestReason", x.request_reason);
  v("plan", x.plan);
  v("configuration", x.configuration);
  v("openedAt", x.opened_at);
  v("startedAt", x.started_at);
  v("appliedAt", x.applied_at);
  v("gates", x.gates);
  v("checks", x.checks);
  v("overwritten", x.overwritten);
  v("recovered", x.recovered);
  v("attempts", x.attempts);
}
template <class V>
void fields(V& v, HeadView& x) {
  v("version", x.version);
  v("serial", x.serial);
  v("bundle", x.bundle);
  v("promotion", x.promotion);
  v("since", x.since);
  v("verified", x.verified);
  v("verification", x.verification);
}
template <class V>
void fields(V& v, EnvironmentView& x) {
  v("name", x.name);
  v("purpose", x.purpose);
  v("promotesFrom", x.promotes_from);
  v("target", x.target);
  v("head", x.head);
  v("open", x.open);
  v("degraded", x.degraded);
  v("hold", x.hold);
  v("freeze", x.freeze);
  v("drifted", x.drifted);
}
template <class V>
void fields(V& v, LockChangeView& x) {
  v("change", x.change);
  v("kind", x.kind);
  v("name", x.name);
  v("before", x.before);
  v("after", x.after);
}

template <class V>
void fields(V& v, InitResponse& x) {
  v("projectFile", x.project_file);
  v("guesses", x.guesses);
  v("written", x.written);
  v("existed", x.existed);
}
template <class V>
void fields(V& v, LockResponse& x) {
  v("changes", x.changes);
  v("images", x.images);
  v("sources", x.sources);
  v("stale", x.stale);
  v("notes", x.notes);
}
template <class V>
void fields(V& v, OriginView& x) {
  v("layer", x.layer);
  v("object", x.object);
  v("from", x.from);
}
template <class V>
void fields(V& v, RenderedLayerView& x) {
  v("name", x.name);
  v("tier", x.tier);
  v("yaml", x.yaml);
  v("digest", x.digest);
}
template <class V>
void fields(V& v, RenderResponse& x) {
  v("layers", x.layers);
  v("origins", x.origins);
  v("warnings", x.warnings);
}
template <class V>
void fields(V& v, ReleasedBundleView& x) {
  v("environment", x.environment);
  v("digest", x.digest);
  v("objects", x.objects);
  v("layers", x.layers);
  v("unchanged", x.unchanged);
}
template <class V>
void fields(V& v, ReleaseResponse& x) {
  v("release", x.release);
  v("bundles", x.bundles);
  v("existed", x.existed);
  v("notes", x.notes);
}
template <class V>
void fields(V& v, ReproduceResponse& x) {
  v("reproduced", x.reproduced);
  v("comparable", x.comparable);
  v("bundles", x.bundles);
  v("differences", x.differences);
  v("record", x.record);
}
template <class V>
void fields(V& v, VerifyResponse& x) {
  v("release", x.release);
  v("digest", x.digest);
  v("intact", x.intact);
  v("facts", x.facts);
}
template <class V>
void fields(V& v, DiffPartView& x) {
  v("environment", x.environment);
  v("changes", x.changes);
}
template <class V>
void fields(V& v, DiffResponse& x) {
  v("from", x.from);
  v("to", x.to);
  v("parts", x.parts);
}
template <class V>
void fields(V& v, PlanResponse& x) {
  v("environment", x.environment);
  v("version", x.version);
  v("serial", x.serial);
  v("bundle", x.bundle);
  v("from", x.from);
  v("fromVersion", x.from_version);
  v("plan", x.plan);
  v("layers", x.layers);
  v("changes", x.changes);
  v("gates", x.gates);
  v("verdict", x.verdict);
  v("notes", x.notes);
}
template <class V>
void fields(V& v, PromoteResponse& x) {
  v("promotion", x.promotion);
  v("answer", x.answer);
  v("version", x.version);
  v("fromVersion", x.from_version);
  v("bundle", x.bundle);
  v("objects", x.objects);
  v("ranFrom", x.ran_from);
  v("ranTo", x.ran_to);
  v("notes", x.notes);
}
template <class V>
void fields(V& v, ApprovalView& x) {
  v("person", x.person);
  v("verdict", x.verdict);
  v("comment", x.comment);
  v("given", x.given);
  v("expires", x.expires);
  v("counts", x.counts);
  v("flaw", x.flaw);
  v("reason", x.reason);
  v("record", x.record);
}
template <class V>
void fields(V& v, ApproveResponse& x) {
  v("promotion", x.promotion);
  v("kind", x.kind);
  v("environment", x.environment);
  v("version", x.version);
  v("bundle", x.bundle);
  v("layers", x.layers);
  v("verdict", x.verdict);
  v("person", x.person);
  v("plan", x.plan);
  v("comment", x.comment);
  v("expires", x.expires);
  v("record", x.record);
  v("statement", x.statement);
  v("gates", x.gates);
  v("existed", x.existed);
  v("dryRun", x.dry_run);
}
template <class V>
void fields(V& v, PromotionApprovalsView& x) {
  v("number", x.number);
  v("environment", x.environment);
  v("version", x.version);
  v("plan", x.plan);
  v("requester", x.requester);
  v("requestReason", x.request_reason);
  v("approvals", x.approvals);
  v("gates", x.gates);
}
template <class V>
void fields(V& v, ApprovalsResponse& x) {
  v("promotions", x.promotions);
  v("request", x.request);
}
template <class V>
void fields(V& v, ExceptionWordView& x) {
  v("person", x.person);
  v("verdict", x.verdict);
  v("comment", x.comment);
  v("counts", x.counts);
  v("record", x.record);
}
template <class V>
void fields(V& v, ExceptionView& x) {
  v("number", x.number);
  v("environment", x.environment);
  v("policy", x.policy);
  v("rule", x.rule);
  v("object", x.object);
  v("bundle", x.bundle);
  v("reason", x.reason);
  v("ticket", x.ticket);
  v("requester", x.requester);
  v("askedAt", x.asked_at);
  v("expires", x.expires);
  v("holds", x.holds);
  v("flaw", x.flaw);
  v("why", x.why);
  v("words", x.words);
}
template <class V>
void fields(V& v, ExceptionResponse& x) {
  v("exception", x.exception);
  v("who", x.who);
  v("statement", x.statement);
  v("existed", x.existed);
  v("dryRun", x.dry_run);
}
template <class V>
void fields(V& v, ExceptionListResponse& x) {
  v("exceptions", x.exceptions);
  v("request", x.request);
}
template <class V>
void fields(V& v, EvidenceView& x) {
  v("subject", x.subject);
  v("name", x.name);
  v("digest", x.digest);
  v("predicateType", x.predicate_type);
  v("issued", x.issued);
  v("signers", x.signers);
  v("signedBy", x.signed_by);
  v("recorded", x.recorded);
  v("counts", x.counts);
  v("flaw", x.flaw);
  v("reason", x.reason);
  v("record", x.record);
}
template <class V>
void fields(V& v, AttestResponse& x) {
  v("evidence", x.evidence);
  v("statement", x.statement);
  v("existed", x.existed);
  v("dryRun", x.dry_run);
}
template <class V>
void fields(V& v, FreezeResponse& x) {
  v("environment", x.environment);
  v("frozen", x.frozen);
  v("reason", x.reason);
  v("until", x.until);
  v("dryRun", x.dry_run);
}
template <class V>
void fields(V& v, ServedView& x) {
  v("environment", x.environment);
  v("answer", x.answer);
  v("reason", x.reason);
  v("version", x.version);
  v("promotion", x.promotion);
}
template <class V>
void fields(V& v, ServeResponse& x) {
  v("served", x.served);
  v("notes", x.notes);
}
template <class V>
void fields(V& v, HoldResponse& x) {
  v("environment", x.environment);
  v("held", x.held);
  v("reason", x.reason);
  v("dryRun", x.dry_run);
}
template <class V>
void fields(V& v, StepView& x) {
  v("because", x.because);
  v("command", x.command);
}
template <class V>
void fields(V& v, StatusResponse& x) {
  v("project", x.project);
  v("now", x.now);
  v("environments", x.environments);
  v("next", x.next);
  v("notes", x.notes);
}
template <class V>
void fields(V& v, WhyResponse& x) {
  v("release", x.release);
  v("environment", x.environment);
  v("answer", x.answer);
  v("verdict", x.verdict);
  v("gates", x.gates);
  v("facts", x.facts);
}
template <class V>
void fields(V& v, VisitView& x) {
  v("version", x.version);
  v("serial", x.serial);
  v("bundle", x.bundle);
  v("promotion", x.promotion);
  v("kind", x.kind);
  v("outcome", x.outcome);
  v("reason", x.reason);
  v("requester", x.requester);
  v("from", x.from);
  v("to", x.to);
  v("leftBy", x.left_by);
}
template <class V>
void fields(V& v, HistoryResponse& x) {
  v("environment", x.environment);
  v("visits", x.visits);
}
template <class V>
void fields(V& v, GetResponse& x) {
  v("releases", x.releases);
  v("environments", x.environments);
  v("promotions", x.promotions);
}
template <class V>
void fields(V& v, DescribeResponse& x) {
  v("promotions", x.promotions);
  v("releases", x.releases);
  v("environments", x.environments);
  v("images", x.images);
  v("evidence", x.evidence);
  v("facts", x.facts);
}
template <class V>
void fields(V& v, DriftView& x) {
  v("environment", x.environment);
  v("paused", x.paused);
  v("changes", x.changes);
  v("foreign", x.foreign);
  v("note", x.note);
}
template <class V>
void fields(V& v, DriftResponse& x) {
  v("environments", x.environments);
  v("drifted", x.drifted);
}
template <class V>
void fields(V& v, AuditEntryView& x) {
  v("index", x.index);
  v("time", x.time);
  v("type", x.type);
  v("actor", x.actor);
  v("text", x.text);
  v("json", x.json);
}
template <class V>
void fields(V& v, AuditLogResponse& x) {
  v("entries", x.entries);
  v("size", x.size);
}
template <class V>
void fields(V& v, AuditVerifyResponse& x) {
  v("size", x.size);
  v("root", x.root);
  v("checkpoint", x.checkpoint);
  v("facts", x.facts);
}
template <class V>
void fields(V& v, ApplyResponse& x) {
  v("changed", x.changed);
  v("configuration", x.configuration);
  v("previous", x.previous);
  v("changes", x.changes);
}
template <class V>
void fields(V& v, FindingView& x) {
  v("state", x.state);
  v("subject", x.subject);
  v("found", x.found);
  v("help", x.help);
}
template <class V>
void fields(V& v, DoctorResponse& x) {
  v("findings", x.findings);
  v("healthy", x.healthy);
}

}  // namespace pawl::api

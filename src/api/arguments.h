#pragma once

#include <array>

#include "api/approval.h"
#include "api/audit.h"
#include "api/content.h"
#include "api/evidence.h"
#include "api/exception.h"
#include "api/promotion.h"
#include "api/serve.h"
#include "api/verb.h"
#include "api/view.h"

// The arguments of every request: one list a struct, `v(field, argument)`. The command line, its help and completion
// are made of it, and so can a server's parameters be.

namespace pawl::api {

// What most verbs share.
namespace argument {

inline constexpr Argument kEnvironment{.name = "environment",
                                       .summary = "the environment",
                                       .names = Names::kEnvironment,
                                       .positional = true,
                                       .required = true};
inline constexpr Argument kTo{
    .name = "to", .summary = "the environment", .names = Names::kEnvironment, .required = true};
inline constexpr Argument kRelease{.name = "release",
                                   .summary = "a version, a serial (r3) or a digest",
                                   .names = Names::kRelease,
                                   .positional = true,
                                   .required = true};
inline constexpr Argument kDefaultRelease{.name = "release",
                                          .summary = "the release (what upstream verified; for a root the newest)",
                                          .names = Names::kRelease,
                                          .positional = true};
inline constexpr Argument kLayers{
    .name = "layer", .summary = "only this layer; may be repeated", .names = Names::kLayer};
inline constexpr Argument kReason{.name = "reason", .summary = "why; it is recorded"};
inline constexpr Argument kPromotion{.name = "promotion",
                                     .summary = "its number, or the environment that it waits in",
                                     .names = Names::kEnvironment,
                                     .positional = true};
inline constexpr Argument kRequestFile{.name = "request",
                                       .summary = "sign what `pawl approvals --export` printed; needs only a key",
                                       .names = Names::kBytes};
inline constexpr Argument kExceptionFile{
    .name = "request",
    .summary = "sign what `pawl exception list NUMBER --export` printed; needs only a key",
    .names = Names::kBytes};
inline constexpr Argument kImport{
    .name = "import", .summary = "record what was signed elsewhere", .names = Names::kBytes};
inline constexpr Argument kException{.name = "number", .summary = "the exception's number", .positional = true};
inline constexpr Argument kDryRun{.name = "dry-run", .summary = "only say what would be done"};
inline constexpr Argument kLimit{.name = "limit", .summary = "at most so many, the newest first"};

inline constexpr auto kGettable = std::to_array<std::string_view>({"releases", "environments", "promotions"});
inline constexpr auto kDescribable = std::to_array<std::string_view>({"promotion", "release", "environment"});

}  // namespace argument

template <class V>
void arguments(V& v, InitRequest& x) {
  v(x.name, {.name = "name", .summary = "the project's name (the folder's)"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, LockRequest& x) {
  v(x.check, {.name = "check", .summary = "only say whether pawl.lock is stale (exit 1)"});
  v(x.update, {.name = "update", .summary = "resolve this name anew; '*' for all; may be repeated"});
  v(x.vendor, {.name = "vendor", .summary = "put what a release needs into the store"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, RenderRequest& x) {
  v(x.environment, argument::kEnvironment);
  v(x.explain, {.name = "explain", .summary = "say where every object and parameter came from"});
  v(x.watch, {.name = "watch", .summary = "again whenever a file of the project changes, until stopped"});
  v(x.locked, {.name = "no-pin", .summary = "leave images as the manifests write them", .negates = true});
}
template <class V>
void arguments(V& v, ReleaseRequest& x) {
  v(x.version,
    {.name = "version", .summary = "what the release is called: 1.4.0", .positional = true, .required = true});
  v(x.message, {.name = "message", .summary = "why this release", .letter = 'm'});
  v(x.dirty, {.name = "dirty", .summary = "from changed files; the record says so"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ReproduceRequest& x) {
  v(x.release, argument::kRelease);
}
template <class V>
void arguments(V& v, VerifyRequest& x) {
  v(x.release, argument::kRelease);
}
template <class V>
void arguments(V& v, DiffRequest& x) {
  constexpr std::string_view kSides =
      "ENVIRONMENT, live:ENVIRONMENT, RELEASE[@ENVIRONMENT], .@ENVIRONMENT, git:REVISION[@ENVIRONMENT], ./FOLDER, a "
      "digest";
  v(x.from, {.name = "from", .summary = kSides, .names = Names::kComparable, .positional = true, .required = true});
  v(x.to, {.name = "to", .summary = "the same", .names = Names::kComparable, .positional = true, .required = true});
}

template <class V>
void arguments(V& v, PlanRequest& x) {
  v(x.release, argument::kDefaultRelease);
  v(x.environment, argument::kTo);
  v(x.layers, argument::kLayers);
}
template <class V>
void arguments(V& v, PromoteRequest& x) {
  v(x.release, argument::kDefaultRelease);
  v(x.environment, argument::kTo);
  v(x.plan, {.name = "plan", .summary = "refuse unless this plan still holds"});
  v(x.layers, argument::kLayers);
  v(x.reason, argument::kReason);
  v(x.wait, {.name = "wait", .summary = "until there is an outcome, or --timeout is over"});
  v(x.supersede, {.name = "supersede", .summary = "end a waiting promotion that is in the way"});
  v(x.adopt, {.name = "adopt", .summary = "take over what is foreign at the target (asks; --yes)"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, RetryRequest& x) {
  v(x.environment, argument::kEnvironment);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, AbortRequest& x) {
  v(x.environment, argument::kEnvironment);
  v(x.reason, argument::kReason);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, RollbackRequest& x) {
  v(x.environment, argument::kEnvironment);
  v(x.to, {.name = "to",
           .summary = "a release or a bundle's digest (the last that is verified here)",
           .names = Names::kRelease});
  v(x.layers, argument::kLayers);
  v(x.reason, {.name = "reason", .summary = "why; it is recorded", .required = true});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ReconcileRequest& x) {
  v(x.environment, argument::kEnvironment);
  v(x.reason, argument::kReason);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ApproveRequest& x) {
  v(x.promotion, argument::kPromotion);
  v(x.comment, {.name = "comment", .summary = "what you looked at; it is recorded", .letter = 'm'});
  v(x.expires, {.name = "expires", .summary = "how long it counts: 8h (as long as the gate says)"});
  v(x.plan, {.name = "plan", .summary = "refuse unless this plan still holds"});
  v(x.request, argument::kRequestFile);
  v(x.imported, argument::kImport);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, RejectRequest& x) {
  v(x.promotion, argument::kPromotion);
  v(x.comment, {.name = "comment", .summary = "why; it is recorded", .letter = 'm'});
  v(x.request, argument::kRequestFile);
  v(x.imported, argument::kImport);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ApprovalsRequest& x) {
  v(x.promotion, argument::kPromotion);
  v(x.exports, {.name = "export", .summary = "print what is to be signed, for `pawl approve --request`"});
}
template <class V>
void arguments(V& v, ExceptionAskRequest& x) {
  v(x.policy,
    {.name = "policy", .summary = "the policy, or gate/freeze or gate/window", .positional = true, .required = true});
  v(x.environment, {.name = "in", .summary = "the environment", .names = Names::kEnvironment, .required = true});
  v(x.rule, {.name = "rule", .summary = "one of its rules, from 0 (all)"});
  v(x.object, {.name = "object", .summary = "what it is about: shop/Deployment/web, * for anything (all)"});
  v(x.release, {.name = "release", .summary = "only this release's bundle (any)", .names = Names::kRelease});
  v(x.reason, argument::kReason);
  v(x.ticket, {.name = "ticket", .summary = "where it is talked about"});
  v(x.until, {.name = "until", .summary = "when it ends: 7d, or 2026-12-27T08:00:00Z"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ExceptionApproveRequest& x) {
  v(x.number, argument::kException);
  v(x.comment, {.name = "comment", .summary = "what you looked at; it is recorded", .letter = 'm'});
  v(x.request, argument::kExceptionFile);
  v(x.imported, argument::kImport);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ExceptionRejectRequest& x) {
  v(x.number, argument::kException);
  v(x.comment, {.name = "comment", .summary = "why; it is recorded", .letter = 'm'});
  v(x.request, argument::kExceptionFile);
  v(x.imported, argument::kImport);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ExceptionWithdrawRequest& x) {
  v(x.number, {.name = "number", .summary = argument::kException.summary, .positional = true, .required = true});
  v(x.reason, argument::kReason);
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ExceptionListRequest& x) {
  v(x.exception, {.name = "exception",
                  .summary = "its number, or the environment that they are about",
                  .names = Names::kEnvironment,
                  .positional = true});
  v(x.exports, {.name = "export", .summary = "print what is to be signed, for `pawl exception approve --request`"});
}
template <class V>
void arguments(V& v, AttestRequest& x) {
  v(x.release, argument::kRelease);
  v(x.environment, {.name = "in", .summary = "about its bundle for this environment", .names = Names::kEnvironment});
  v(x.image, {.name = "image", .summary = "about this image, as pawl.lock names it"});
  v(x.snapshot, {.name = "snapshot", .summary = "about its snapshot"});
  v(x.type, {.name = "type", .summary = "the predicate's type, a URI"});
  v(x.predicate, {.name = "predicate", .summary = "a JSON file with what is said", .names = Names::kBytes});
  v(x.imported, {.name = "import",
                 .summary = "record a Sigstore bundle or a DSSE envelope that was signed elsewhere",
                 .names = Names::kBytes});
  v(x.role, {.name = "role", .summary = "refuse unless the key may sign in this role of trust:"});
  v(x.exports, {.name = "export", .summary = "print what you sign, for --import, and keep nothing"});
  v(x.list, {.name = "list", .summary = "only say what there is"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, FreezeRequest& x) {
  v(x.environment,
    {.name = "environment", .summary = "the environment", .names = Names::kEnvironment, .positional = true});
  v(x.all, {.name = "all", .summary = "every environment"});
  v(x.reason, argument::kReason);
  v(x.until, {.name = "until", .summary = "when it ends: 4h, or 2026-12-27T08:00:00Z"});
  v(x.off, {.name = "off", .summary = "lift it"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ServeRequest& x) {
  v(x.once, {.name = "once", .summary = "one round, for cron and CI"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, HoldRequest& x) {
  v(x.environment, argument::kEnvironment);
  v(x.reason, argument::kReason);
  v(x.off, {.name = "off", .summary = "let it go on"});
  v(x.dry_run, argument::kDryRun);
}
template <class V>
void arguments(V& v, ApplyRequest& x) {
  v(x.reason, argument::kReason);
  v(x.dry_run, argument::kDryRun);
}

template <class V>
void arguments(V& v, StatusRequest& x) {
  v(x.drift, {.name = "no-drift", .summary = "do not look at the targets", .negates = true});
}
template <class V>
void arguments(V& v, WhyRequest& x) {
  v(x.release, argument::kRelease);
  v(x.environment, argument::kEnvironment);
}
template <class V>
void arguments(V& v, HistoryRequest& x) {
  v(x.environment, argument::kEnvironment);
  v(x.limit, argument::kLimit);
}
template <class V>
void arguments(V& v, GetRequest& x) {
  v(x.kind,
    {.name = "kind", .summary = "what to list", .positional = true, .required = true, .words = argument::kGettable});
  v(x.limit, argument::kLimit);
}
template <class V>
void arguments(V& v, DescribeRequest& x) {
  v(x.kind,
    {.name = "kind", .summary = "what it is", .positional = true, .required = true, .words = argument::kDescribable});
  v(x.name, {.name = "name",
             .summary = "its number, version or name",
             .names = Names::kComparable,
             .positional = true,
             .required = true});
}
template <class V>
void arguments(V& v, DriftRequest& x) {
  v(x.environment,
    {.name = "environment", .summary = "the environment (all)", .names = Names::kEnvironment, .positional = true});
}
template <class V>
void arguments(V& v, AuditLogRequest& x) {
  v(x.environment, {.name = "environment", .summary = "only of this environment", .names = Names::kEnvironment});
  v(x.limit, argument::kLimit);
}
template <class V>
void arguments(V& v, AuditVerifyRequest& x) {
  v(x.replay, {.name = "replay", .summary = "fold the ledger again and compare the state"});
  v(x.against, {.name = "against",
                .summary = "a file with a checkpoint that the log must extend (the last one seen)",
                .names = Names::kBytes});
}
template <class V>
void arguments(V&, DoctorRequest&) {}

}  // namespace pawl::api

#pragma once

#include "api/approval.h"
#include "api/audit.h"
#include "api/content.h"
#include "api/exception.h"
#include "api/evidence.h"
#include "api/promotion.h"
#include "api/serve.h"
#include "api/view.h"
#include "base/context.h"
#include "base/result.h"

namespace pawl::api {

// Every verb. Implemented by the engine in this process, and by a client of a server.
// A domain answer (waiting, failed, drifted) is in the Response; exit_status() of status.h turns it into an exit code.
class Service {
 public:
  virtual ~Service() = default;

  virtual Result<InitResponse> init(const Context& context, const InitRequest& request) = 0;
  virtual Result<LockResponse> lock(const Context& context, const LockRequest& request) = 0;
  virtual Result<RenderResponse> render(const Context& context, const RenderRequest& request) = 0;
  virtual Result<ReleaseResponse> release(const Context& context, const ReleaseRequest& request) = 0;
  virtual Result<ReproduceResponse> reproduce(const Context& context, const ReproduceRequest& request) = 0;
  virtual Result<VerifyResponse> verify(const Context& context, const VerifyRequest& request) = 0;
  virtual Result<DiffResponse> diff(const Context& context, const DiffRequest& request) = 0;

  virtual Result<PlanResponse> plan(const Context& context, const PlanRequest& request) = 0;
  virtual Result<PromoteResponse> promote(const Context& context, const PromoteRequest& request) = 0;
  virtual Result<PromoteResponse> retry(const Context& context, const RetryRequest& request) = 0;
  virtual Result<PromoteResponse> abort(const Context& context, const AbortRequest& request) = 0;
  virtual Result<PromoteResponse> rollback(const Context& context, const RollbackRequest& request) = 0;
  virtual Result<PromoteResponse> reconcile(const Context& context, const ReconcileRequest& request) = 0;
  virtual Result<ApproveResponse> approve(const Context& context, const ApproveRequest& request) = 0;
  virtual Result<ApproveResponse> reject(const Context& context, const RejectRequest& request) = 0;
  virtual Result<ApprovalsResponse> approvals(const Context& context, const ApprovalsRequest& request) = 0;
  virtual Result<ExceptionResponse> exception_ask(const Context& context, const ExceptionAskRequest& request) = 0;
  virtual Result<ExceptionResponse> exception_approve(const Context& context,
                                                      const ExceptionApproveRequest& request) = 0;
  virtual Result<ExceptionResponse> exception_reject(const Context& context, const ExceptionRejectRequest& request) = 0;
  virtual Result<ExceptionResponse> exception_withdraw(const Context& context,
                                                       const ExceptionWithdrawRequest& request) = 0;
  virtual Result<ExceptionListResponse> exception_list(const Context& context, const ExceptionListRequest& request) = 0;
  virtual Result<AttestResponse> attest(const Context& context, const AttestRequest& request) = 0;
  virtual Result<FreezeResponse> freeze(const Context& context, const FreezeRequest& request) = 0;
  virtual Result<ServeResponse> serve(const Context& context, const ServeRequest& request) = 0;
  virtual Result<HoldResponse> hold(const Context& context, const HoldRequest& request) = 0;

  virtual Result<StatusResponse> status(const Context& context, const StatusRequest& request) = 0;
  virtual Result<WhyResponse> why(const Context& context, const WhyRequest& request) = 0;
  virtual Result<HistoryResponse> history(const Context& context, const HistoryRequest& request) = 0;
  virtual Result<GetResponse> get(const Context& context, const GetRequest& request) = 0;
  virtual Result<DescribeResponse> describe(const Context& context, const DescribeRequest& request) = 0;
  virtual Result<DriftResponse> drift(const Context& context, const DriftRequest& request) = 0;

  virtual Result<AuditLogResponse> audit_log(const Context& context, const AuditLogRequest& request) = 0;
  virtual Result<AuditVerifyResponse> audit_verify(const Context& context, const AuditVerifyRequest& request) = 0;
  virtual Result<ApplyResponse> apply(const Context& context, const ApplyRequest& request) = 0;
  virtual Result<DoctorResponse> doctor(const Context& context, const DoctorRequest& request) = 0;
};

}  // namespace pawl::api

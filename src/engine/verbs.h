#pragma once

#include "api/service.h"
#include "engine/world.h"

namespace pawl::engine {

// The verbs, one file each. Engine (engine.h) makes a Service of them.
Result<api::InitResponse> init(World& world, const Context& context, const api::InitRequest& request);
Result<api::LockResponse> lock(World& world, const Context& context, const api::LockRequest& request);
Result<api::RenderResponse> render(World& world, const Context& context, const api::RenderRequest& request);
Result<api::ReleaseResponse> release(World& world, const Context& context, const api::ReleaseRequest& request);
Result<api::ReproduceResponse> reproduce(World& world, const Context& context, const api::ReproduceRequest& request);
Result<api::VerifyResponse> verify(World& world, const Context& context, const api::VerifyRequest& request);
Result<api::DiffResponse> diff(World& world, const Context& context, const api::DiffRequest& request);
Result<api::PlanResponse> plan_promotion(World& world, const Context& context, const api::PlanRequest& request);
Result<api::PromoteResponse> promote(World& world, const Context& context, const api::PromoteRequest& request);
Result<api::PromoteResponse> retry(World& world, const Context& context, const api::RetryRequest& request);
Result<api::PromoteResponse> abort(World& world, const Context& context, const api::AbortRequest& request);
Result<api::PromoteResponse> rollback(World& world, const Context& context, const api::RollbackRequest& request);
Result<api::PromoteResponse> reconcile(World& world, const Context& context, const api::ReconcileRequest& request);
Result<api::ApproveResponse> approve(World& world, const Context& context, const api::ApproveRequest& request);
Result<api::ApproveResponse> reject(World& world, const Context& context, const api::RejectRequest& request);
Result<api::ApprovalsResponse> approvals(World& world, const Context& context, const api::ApprovalsRequest& request);
Result<api::ExceptionResponse> exception_ask(World& world, const Context& context,
                                             const api::ExceptionAskRequest& request);
Result<api::ExceptionResponse> exception_approve(World& world, const Context& context,
                                                 const api::ExceptionApproveRequest& request);
Result<api::ExceptionResponse> exception_reject(World& world, const Context& context,
                                                const api::ExceptionRejectRequest& request);
Result<api::ExceptionResponse> exception_withdraw(World& world, const Context& context,
                                                  const api::ExceptionWithdrawRequest& request);
Result<api::ExceptionListResponse> exception_list(World& world, const Context& context,
                                                  const api::ExceptionListRequest& request);
Result<api::AttestResponse> attest(World& world, const Context& context, const api::AttestRequest& request);
Result<api::FreezeResponse> freeze(World& world, const Context& context, const api::FreezeRequest& request);
Result<api::ServeResponse> serve(World& world, const Context& context, const api::ServeRequest& request);
Result<api::HoldResponse> hold(World& world, const Context& context, const api::HoldRequest& request);
Result<api::StatusResponse> status(World& world, const Context& context, const api::StatusRequest& request);
Result<api::WhyResponse> why(World& world, const Context& context, const api::WhyRequest& request);
Result<api::HistoryResponse> history(World& world, const Context& context, const api::HistoryRequest& request);
Result<api::GetResponse> get(World& world, const Context& context, const api::GetRequest& request);
Result<api::DescribeResponse> describe(World& world, const Context& context, const api::DescribeRequest& request);
Result<api::DriftResponse> drift_of(World& world, const Context& context, const api::DriftRequest& request);
Result<api::AuditLogResponse> audit_log(World& world, const Context& context, const api::AuditLogRequest& request);
Result<api::AuditVerifyResponse> audit_verify(World& world, const Context& context,
                                              const api::AuditVerifyRequest& request);
Result<api::ApplyResponse> apply(World& world, const Context& context, const api::ApplyRequest& request);
Result<api::DoctorResponse> doctor(World& world, const Context& context, const api::DoctorRequest& request);

}  // namespace pawl::engine

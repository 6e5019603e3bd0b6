#include "engine/engine.h"

#include "engine/external.h"
#include "engine/policy_digest.h"
#include "engine/vendor.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

class Engine final : public api::Service {
 public:
  explicit Engine(World world) : world_(std::move(world)) {
    world_.sources = vendored_sources(world_);
    world_.outside = std::make_shared<OutsideMemory>();
    world_.policy_digests = std::make_shared<PolicyDigests>();
  }

  Result<api::InitResponse> init(const Context& c, const api::InitRequest& r) override {
    return engine::init(world_, c, r);
  }
  Result<api::LockResponse> lock(const Context& c, const api::LockRequest& r) override {
    return engine::lock(world_, c, r);
  }
  Result<api::RenderResponse> render(const Context& c, const api::RenderRequest& r) override {
    return engine::render(world_, c, r);
  }
  Result<api::ReleaseResponse> release(const Context& c, const api::ReleaseRequest& r) override {
    return engine::release(world_, c, r);
  }
  Result<api::ReproduceResponse> reproduce(const Context& c, const api::ReproduceRequest& r) override {
    return engine::reproduce(world_, c, r);
  }
  Result<api::VerifyResponse> verify(const Context& c, const api::VerifyRequest& r) override {
    return engine::verify(world_, c, r);
  }
  Result<api::DiffResponse> diff(const Context& c, const api::DiffRequest& r) override {
    return engine::diff(world_, c, r);
  }
  Result<api::PlanResponse> plan(const Context& c, const api::PlanRequest& r) override {
    return plan_promotion(world_, c, r);
  }
  Result<api::PromoteResponse> promote(const Context& c, const api::PromoteRequest& r) override {
    return engine::promote(world_, c, r);
  }
  Result<api::PromoteResponse> retry(const Context& c, const api::RetryRequest& r) override {
    return engine::retry(world_, c, r);
  }
  Result<api::PromoteResponse> abort(const Context& c, const api::AbortRequest& r) override {
    return engine::abort(world_, c, r);
  }
  Result<api::PromoteResponse> rollback(const Context& c, const api::RollbackRequest& r) override {
    return engine::rollback(world_, c, r);
  }
  Result<api::PromoteResponse> reconcile(const Context& c, const api::ReconcileRequest& r) override {
    return engine::reconcile(world_, c, r);
  }
  Result<api::ApproveResponse> approve(const Context& c, const api::ApproveRequest& r) override {
    return engine::approve(world_, c, r);
  }
  Result<api::ApproveResponse> reject(const Context& c, const api::RejectRequest& r) override {
    return engine::reject(world_, c, r);
  }
  Result<api::ApprovalsResponse> approvals(const Context& c, const api::ApprovalsRequest& r) override {
    return engine::approvals(world_, c, r);
  }
  Result<api::ExceptionResponse> exception_ask(const Context& c, const api::ExceptionAskRequest& r) override {
    return engine::exception_ask(world_, c, r);
  }
  Result<api::ExceptionResponse> exception_approve(const Context& c, const api::ExceptionApproveRequest& r) override {
    return engine::exception_approve(world_, c, r);
  }
  Result<api::ExceptionResponse> exception_reject(const Context& c, const api::ExceptionRejectRequest& r) override {
    return engine::exception_reject(world_, c, r);
  }
  Result<api::ExceptionResponse> exception_withdraw(const Context& c, const api::ExceptionWithdrawRequest& r) override {
    return engine::exception_withdraw(world_, c, r);
  }
  Result<api::ExceptionListResponse> exception_list(const Context& c, const api::ExceptionListRequest& r) override {
    return engine::exception_list(world_, c, r);
  }
  Result<api::AttestResponse> attest(const Context& c, const api::AttestRequest& r) override {
    return engine::attest(world_, c, r);
  }
  Result<api::FreezeResponse> freeze(const Context& c, const api::FreezeRequest& r) override {
    return engine::freeze(world_, c, r);
  }
  Result<api::ServeResponse> serve(const Context& c, const api::ServeRequest& r) override {
    return engine::serve(world_, c, r);
  }
  Result<api::HoldResponse> hold(const Context& c, const api::HoldRequest& r) override {
    return engine::hold(world_, c, r);
  }
  Result<api::StatusResponse> status(const Context& c, const api::StatusRequest& r) override {
    return engine::status(world_, c, r);
  }
  Result<api::WhyResponse> why(const Context& c, const api::WhyRequest& r) override {
    return engine::why(world_, c, r);
  }
  Result<api::HistoryResponse> history(const Context& c, const api::HistoryRequest& r) override {
    return engine::history(world_, c, r);
  }
  Result<api::GetResponse> get(const Context& c, const api::GetRequest& r) override {
    return engine::get(world_, c, r);
  }
  Result<api::DescribeResponse> describe(const Context& c, const api::DescribeRequest& r) override {
    return engine::describe(world_, c, r);
  }
  Result<api::DriftResponse> drift(const Context& c, const api::DriftRequest& r) override {
    return drift_of(world_, c, r);
  }
  Result<api::AuditLogResponse> audit_log(const Context& c, const api::AuditLogRequest& r) override {
    return engine::audit_log(world_, c, r);
  }
  Result<api::AuditVerifyResponse> audit_verify(const Context& c, const api::AuditVerifyRequest& r) override {
    return engine::audit_verify(world_, c, r);
  }
  Result<api::ApplyResponse> apply(const Context& c, const api::ApplyRequest& r) override {
    return engine::apply(world_, c, r);
  }
  Result<api::DoctorResponse> doctor(const Context& c, const api::DoctorRequest& r) override {
    return engine::doctor(world_, c, r);
  }

 private:
  World world_;
};

}  // namespace

std::shared_ptr<api::Service> make_service(World world) { return std::make_shared<Engine>(std::move(world)); }

}  // namespace pawl::engine

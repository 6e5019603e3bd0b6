#pragma once

#include <string>

#include "api/service.h"
#include "base/error.h"
#include "base/pieces.h"
#include "cli/terminal.h"

namespace pawl::cli {

// Responses for people. Free to change; scripts take -o json. Each ends with one `Next:` line where something was
// moved.
std::string print(const api::InitResponse& r, const Terminal& t);
std::string print(const api::LockResponse& r, const Terminal& t);
Pieces print(const api::RenderResponse& r, const Terminal& t);
std::string print(const api::ReleaseResponse& r, const Terminal& t);
std::string print(const api::ReproduceResponse& r, const Terminal& t);
std::string print(const api::VerifyResponse& r, const Terminal& t);
std::string print(const api::DiffResponse& r, const Terminal& t);
std::string print(const api::PlanResponse& r, const Terminal& t);
std::string print(const api::PromoteResponse& r, const Terminal& t);
std::string print(const api::ApproveResponse& r, const Terminal& t);
std::string print(const api::ApprovalsResponse& r, const Terminal& t);
std::string print(const api::ExceptionResponse& r, const Terminal& t);
std::string print(const api::ExceptionListResponse& r, const Terminal& t);
std::string print(const api::AttestResponse& r, const Terminal& t);
std::string print(const api::FreezeResponse& r, const Terminal& t);
std::string print(const api::ServeResponse& r, const Terminal& t);
std::string print(const api::HoldResponse& r, const Terminal& t);
std::string print(const api::StatusResponse& r, const Terminal& t);
std::string print(const api::WhyResponse& r, const Terminal& t);
std::string print(const api::HistoryResponse& r, const Terminal& t);
std::string print(const api::GetResponse& r, const Terminal& t);
std::string print(const api::DescribeResponse& r, const Terminal& t);
std::string print(const api::DriftResponse& r, const Terminal& t);
std::string print(const api::AuditLogResponse& r, const Terminal& t);
std::string print(const api::AuditVerifyResponse& r, const Terminal& t);
std::string print(const api::ApplyResponse& r, const Terminal& t);
std::string print(const api::DoctorResponse& r, const Terminal& t);

// What -o name prints, one a line, stable: what the verb made, moved, found or refused.
std::string names(const api::InitResponse& r);           // files written
std::string names(const api::LockResponse& r);           // images and sources that changed
std::string names(const api::RenderResponse& r);         // objects
std::string names(const api::ReleaseResponse& r);        // the release's version
std::string names(const api::ReproduceResponse& r);      // environments whose bundle differs
std::string names(const api::VerifyResponse& r);         // the release's digest
std::string names(const api::DiffResponse& r);           // objects that differ
std::string names(const api::PlanResponse& r);           // objects that would change
std::string names(const api::PromoteResponse& r);        // the promotion's number; nothing where none was needed
std::string names(const api::ApproveResponse& r);        // the promotion's number
std::string names(const api::ApprovalsResponse& r);      // numbers of promotions
std::string names(const api::ExceptionResponse& r);      // the exception's number
std::string names(const api::ExceptionListResponse& r);  // numbers of exceptions
std::string names(const api::AttestResponse& r);         // digests of signed records
std::string names(const api::FreezeResponse& r);         // the environment; "all" of all
std::string names(const api::ServeResponse& r);          // numbers of promotions that were driven
std::string names(const api::HoldResponse& r);           // the environment
std::string names(const api::StatusResponse& r);         // environments
std::string names(const api::WhyResponse& r);            // gates that do not let it in
std::string names(const api::HistoryResponse& r);        // releases, the newest first
std::string names(const api::GetResponse& r);            // what was listed
std::string names(const api::DescribeResponse& r);       // what was described
std::string names(const api::DriftResponse& r);          // ENVIRONMENT/OBJECT that drifted
std::string names(const api::AuditLogResponse& r);       // indices
std::string names(const api::AuditVerifyResponse& r);    // the root
std::string names(const api::ApplyResponse& r);          // the configuration's digest
std::string names(const api::DoctorResponse& r);         // subjects that are not well

// What to know of a result that stands all the same: one line.
std::string print_warning(const std::string& warning, const Terminal& t);
// An error for people: what failed, while doing what, what to do, and whether trying again can help.
std::string print_error(const Error& error, const Terminal& t);
// The same for programs, in Terraform's shape: {format_version, valid, error_count, diagnostics: [...]}. Files are
// looked up from `folder` for the offsets of what is quoted.
std::string error_json(const Error& error, const std::string& folder);
std::string error_yaml(const Error& error, const std::string& folder);

// How an interrupted verb left an environment, and what goes on with it.
std::string state_after_interruption(const api::StatusResponse& status, const std::string& environment);

}  // namespace pawl::cli

#pragma once

#include <string>

#include "api/service.h"
#include "base/error.h"
#include "cli/terminal.h"

namespace pawl::cli {

// Responses for people. Free to change; scripts take -o json. Each ends with a `Next:` line where something was moved.
std::string print(const api::InitResponse& r, const Terminal& t);
std::string print(const api::LockResponse& r, const Terminal& t);
std::string print(const api::RenderResponse& r, const Terminal& t);
std::string print(const api::ReleaseResponse& r, const Terminal& t);
std::string print(const api::ReproduceResponse& r, const Terminal& t);
std::string print(const api::VerifyResponse& r, const Terminal& t);
std::string print(const api::DiffResponse& r, const Terminal& t);
std::string print(const api::PlanResponse& r, const Terminal& t);
std::string print(const api::PromoteResponse& r, const Terminal& t);
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

// An error for people: what failed, while doing what, and what to do.
std::string print_error(const Error& error, const Terminal& t);
// The same for programs: {format_version, valid, error_count, diagnostics: [...]}.
std::string error_json(const Error& error);

// The names that `-o name` prints, one a line; "" for responses that name nothing.
std::string names(const api::GetResponse& r);

}  // namespace pawl::cli

#pragma once

#include <string>
#include <vector>

#include "api/types.h"

namespace pawl::api {

struct AuditLogRequest {
  std::string environment;   // "" : all
  std::uint64_t limit = 50;  // newest
};
struct AuditEntryView {
  std::uint64_t index = 0;
  Time time;
  std::string type;
  std::string actor;
  std::string text;  // in words
  std::string json;  // the entry itself
};
struct AuditLogResponse {
  std::vector<AuditEntryView> entries;
  std::uint64_t size = 0;
};

struct AuditVerifyRequest {
  bool replay = false;
  std::string against;  // a checkpoint's bytes (a note) to be consistent with; "" : none
};
struct AuditVerifyResponse {
  std::uint64_t size = 0;
  std::string root;
  std::string checkpoint;          // the note in force: remember it
  std::vector<std::string> facts;  // what was checked, one line each
};

struct ApplyRequest {
  bool dry_run = false;
  std::string reason;
};
struct ApplyResponse {
  bool changed = false;
  std::string configuration;
  std::string previous;
  std::vector<std::string> changes;  // what differs, one line each
};

struct DoctorRequest {};
struct FindingView {
  std::string state;  // ok, warning, problem
  std::string subject;
  std::string found;
  std::string help;
};
struct DoctorResponse {
  std::vector<FindingView> findings;
  bool healthy = true;
};

}  // namespace pawl::api

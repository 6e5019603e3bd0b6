#include "base/text.h"
#include "cli/print.h"
#include "core/model/object.h"
#include "format/yaml.h"

// What -o name prints.

namespace pawl::cli {

namespace {

std::string lines(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += escape_terminal(name) + "\n";
  return out;
}

std::string objects(const api::ChangesView& changes, const std::string& before = "") {
  std::string out;
  for (const api::ObjectView& object : changes.objects) out += before + escape_terminal(object.object) + "\n";
  return out;
}

std::string label(const std::string& version, const std::string& serial) { return version.empty() ? serial : version; }

}  // namespace

std::string names(const api::InitResponse& r) { return lines(r.written); }

std::string names(const api::LockResponse& r) {
  std::string out;
  for (const api::LockChangeView& change : r.changes) out += escape_terminal(change.name) + "\n";
  return out;
}

std::string names(const api::RenderResponse& r) {
  format::Arena arena;
  std::string out;
  for (const api::RenderedLayerView& layer : r.layers) {
    std::string yaml = layer.yaml.str();
    Result<std::vector<format::Value>> documents = format::parse_yaml(arena, yaml, {.file = layer.name});
    if (!documents) continue;  // Pawl rendered it
    for (const format::Value& document : *documents) out += escape_terminal(model::object_id(document).str()) + "\n";
  }
  return out;
}

std::string names(const api::ReleaseResponse& r) { return escape_terminal(r.release.label()) + "\n"; }

std::string names(const api::ReproduceResponse& r) {
  std::string out;
  for (const api::ReleasedBundleView& bundle : r.bundles) out += bundle.unchanged ? "" : bundle.environment + "\n";
  return out;
}

std::string names(const api::VerifyResponse& r) { return r.digest + "\n"; }
std::string names(const api::DiffResponse& r) {
  std::string out;
  for (const api::DiffPartView& part : r.parts) out += objects(part.changes);
  return out;
}

std::string names(const api::PlanResponse& r) { return objects(r.changes); }

std::string names(const api::PromoteResponse& r) {
  return r.promotion.number == 0 ? "" : std::to_string(r.promotion.number) + "\n";
}

std::string names(const api::ApproveResponse& r) { return std::to_string(r.promotion) + "\n"; }

std::string names(const api::ApprovalsResponse& r) {
  std::string out;
  for (const api::PromotionApprovalsView& promotion : r.promotions) out += std::to_string(promotion.number) + "\n";
  return out;
}

std::string names(const api::ExceptionResponse& r) { return std::to_string(r.exception.number) + "\n"; }

std::string names(const api::ExceptionListResponse& r) {
  std::string out;
  for (const api::ExceptionView& exception : r.exceptions) out += std::to_string(exception.number) + "\n";
  return out;
}

std::string names(const api::AttestResponse& r) {
  std::string out;
  for (const api::EvidenceView& one : r.evidence) out += one.record.empty() ? "" : one.record + "\n";
  return out;
}

std::string names(const api::FreezeResponse& r) { return (r.environment.empty() ? "all" : r.environment) + "\n"; }

std::string names(const api::ServeResponse& r) {
  std::string out;
  for (const api::ServedView& one : r.served) out += one.promotion == 0 ? "" : std::to_string(one.promotion) + "\n";
  return out;
}

std::string names(const api::HoldResponse& r) { return r.environment + "\n"; }

std::string names(const api::StatusResponse& r) {
  std::string out;
  for (const api::EnvironmentView& environment : r.environments) out += environment.name + "\n";
  return out;
}

std::string names(const api::WhyResponse& r) {
  std::string out;
  for (const api::GateView& gate : r.gates) out += gate.state == "passed" ? "" : gate.gate + "\n";
  return out;
}

std::string names(const api::HistoryResponse& r) {
  std::string out;
  for (const api::VisitView& visit : r.visits) out += escape_terminal(label(visit.version, visit.serial)) + "\n";
  return out;
}

std::string names(const api::GetResponse& r) {
  std::string out;
  for (const api::ReleaseView& x : r.releases) out += escape_terminal(x.label()) + "\n";
  for (const api::EnvironmentView& x : r.environments) out += x.name + "\n";
  for (const api::PromotionView& x : r.promotions) out += std::to_string(x.number) + "\n";
  return out;
}

std::string names(const api::DescribeResponse& r) {
  return names(api::GetResponse{.releases = r.releases, .environments = r.environments, .promotions = r.promotions});
}

std::string names(const api::DriftResponse& r) {
  std::string out;
  for (const api::DriftView& environment : r.environments)
    out += objects(environment.changes, environment.environment + "/");
  return out;
}

std::string names(const api::AuditLogResponse& r) {
  std::string out;
  for (const api::AuditEntryView& entry : r.entries) out += std::to_string(entry.index) + "\n";
  return out;
}

std::string names(const api::AuditVerifyResponse& r) { return r.root + "\n"; }
std::string names(const api::ApplyResponse& r) { return r.configuration + "\n"; }

std::string names(const api::DoctorResponse& r) {
  std::string out;
  for (const api::FindingView& finding : r.findings)
    out += finding.state == "ok" ? "" : escape_terminal(finding.subject) + "\n";
  return out;
}

}  // namespace pawl::cli

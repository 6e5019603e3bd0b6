#include "api/status.h"

#include <algorithm>

namespace pawl::api {

namespace {

constexpr int kYes = 0;
constexpr int kNo = 1;
constexpr int kPending = 6;
constexpr int kConflict = 7;
constexpr int kCouldNotTell = 9;

}  // namespace

int exit_of(const LockResponse& response) { return response.stale ? kNo : kYes; }

int exit_of(const ReproduceResponse& response) {
  if (!response.comparable) return kCouldNotTell;
  return response.reproduced ? kYes : kNo;
}

int exit_of(const DiffResponse& response) {
  bool equal = std::all_of(response.parts.begin(), response.parts.end(),
                           [](const DiffPartView& part) { return part.changes.objects.empty(); });
  return equal ? kYes : kNo;
}

int exit_of(const PromoteResponse& response) {
  const std::string& answer = response.answer;
  if (answer == "done" || answer == "nothing" || answer == "would") return kYes;
  if (answer == "waiting") return kPending;
  if (answer == "errored") return kCouldNotTell;
  if (answer == "running" || answer == "superseded" || answer == "stopped") return kConflict;
  // An abort that was asked for is done. A promotion that somebody else aborted is "stopped".
  if (answer == "aborted") return kYes;
  return kNo;
}

// What waits or is left alone is an ordinary round's end.
int exit_of(const ServeResponse& response) {
  int worst = kYes;
  for (const ServedView& one : response.served) {
    if (one.answer == "errored") worst = kCouldNotTell;
    bool no = one.answer == "failed" || one.answer == "blocked";
    if (no && worst == kYes) worst = kNo;
  }
  return worst;
}

int exit_of(const DriftResponse& response) { return response.drifted ? kNo : kYes; }

int exit_of(const WhyResponse& response) {
  if (response.answer == "it is there" || response.verdict == "passed") return kYes;
  if (response.verdict == "waiting") return kPending;
  return response.verdict == "errored" ? kCouldNotTell : kNo;
}

int exit_of(const DoctorResponse& response) { return response.healthy ? kYes : kNo; }

}  // namespace pawl::api

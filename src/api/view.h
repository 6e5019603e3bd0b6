#pragma once

#include <string>
#include <vector>

#include "api/evidence.h"
#include "api/types.h"

namespace pawl::api {

struct StatusRequest {
  bool drift = true;  // look at the targets too
};
// Something that can be done now.
struct StepView {
  std::string because;  // "1.4.0 can go to staging (3 of 3 gates)"
  std::string command;
};
struct StatusResponse {
  std::string project;
  Time now;
  std::vector<EnvironmentView> environments;  // in pipeline order
  std::vector<StepView> next;                 // the best first
  std::vector<std::string> notes;
};

struct WhyRequest {
  std::string release;
  std::string environment;
};
struct WhyResponse {
  std::string release;
  std::string environment;
  std::string answer;   // "it is there", "it may go", "it may not", "it waits"
  std::string verdict;  // passed, failed, waiting, errored
  std::vector<GateView> gates;
  std::vector<std::string> facts;  // where the release is, what was verified and what took it away
};

struct HistoryRequest {
  std::string environment;
  std::uint64_t limit = 20;
};
struct VisitView {
  std::string version;
  std::string serial;
  std::string bundle;
  std::uint64_t promotion = 0;
  std::string kind;
  std::string outcome;
  std::string reason;
  std::string requester;
  Time from;
  std::optional<Time> to;
  std::string left_by;
};
struct HistoryResponse {
  std::string environment;
  std::vector<VisitView> visits;  // newest first
};

struct GetRequest {
  std::string kind;  // releases, environments, promotions
  std::uint64_t limit = 50;
};
struct GetResponse {
  std::vector<ReleaseView> releases;
  std::vector<EnvironmentView> environments;
  std::vector<PromotionView> promotions;
};

struct DescribeRequest {
  std::string kind;  // promotion, release, environment
  std::string name;
};
struct DescribeResponse {
  std::vector<PromotionView> promotions;  // one, or none
  std::vector<ReleaseView> releases;
  std::vector<EnvironmentView> environments;
  std::vector<std::string> images;     // of a release
  std::vector<EvidenceView> evidence;  // what was said about it, and about all that it is made of
  std::vector<std::string> facts;
};

struct DriftRequest {
  std::string environment;  // "" : all
};
struct DriftView {
  std::string environment;
  bool paused = false;               // a promotion is pending
  ChangesView changes;               // before: expected, after: found
  std::vector<std::string> foreign;  // what no bundle put there
  std::string note;
};
struct DriftResponse {
  std::vector<DriftView> environments;
  bool drifted = false;
};

}  // namespace pawl::api

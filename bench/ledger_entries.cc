#include "bench/ledger_entries.h"

#include "core/plan/event.h"

namespace pawl::bench {

namespace {

crypto::Digest digest_of(std::string_view what, std::uint64_t number) {
  return crypto::sha256(what, std::to_string(number));
}

plan::Entry entry(std::uint64_t number, plan::Event event) {
  constexpr Time kFirst{Duration(1'795'000'000'000)};
  model::Actor actor{"key", digest_of("key", number % 7).str(), "signature"};
  return {model::ProjectName("shop"), kFirst + std::chrono::seconds(number), std::move(actor), std::move(event)};
}

plan::PromotionOpened opened(std::uint64_t number) {
  return {.number = number,
          .environment = model::EnvironmentName("production"),
          .bundle = digest_of("bundle", number),
          .release = number,
          .from = digest_of("bundle", number - 1),
          .plan = digest_of("plan", number),
          .configuration = digest_of("configuration", 1),
          .requester = "ada",
          .reason = "the basket keeps its items over a restart"};
}

std::vector<plan::GateAnswer> gates(std::uint64_t number) {
  return {{.gate = "upstream",
           .state = plan::GateState::kPassed,
           .found = "verified 42m ago in staging",
           .evidence = {digest_of("check", number - 1).str()}},
          {.gate = "soak", .state = plan::GateState::kPassed, .found = "42m of 30m in staging"}};
}

}  // namespace

std::vector<std::string> entries_of_promotion(std::uint64_t number) {
  std::vector<plan::Event> events = {
      opened(number),
      plan::PromotionStarted{number, 1, number, digest_of("bundle", number - 1), gates(number)},
      plan::PromotionApplied{.number = number, .attempt = 1, .epoch = number},
      plan::CheckFinished{.number = number,
                          .attempt = 1,
                          .epoch = number,
                          .check = "smoke",
                          .passed = true,
                          .record = digest_of("check", number)},
      plan::PromotionFinished{.number = number,
                              .attempt = 1,
                              .epoch = number,
                              .outcome = plan::Outcome::kSucceeded,
                              .checks = digest_of("checks", 1)}};
  std::vector<std::string> entries;
  for (plan::Event& event : events) entries.push_back(plan::encode_entry(entry(number, std::move(event))));
  return entries;
}

std::vector<std::string> ledger_entries(std::size_t count) {
  std::vector<std::string> entries;
  for (std::uint64_t number = 1; entries.size() < count; ++number) {
    for (std::string& entry : entries_of_promotion(number)) entries.push_back(std::move(entry));
  }
  entries.resize(count);
  return entries;
}

}  // namespace pawl::bench

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/memory/blobs.h"
#include "adapters/memory/callout.h"
#include "adapters/memory/checks.h"
#include "adapters/memory/clock.h"
#include "adapters/memory/signer.h"
#include "adapters/memory/store.h"
#include "adapters/memory/targets.h"
#include "adapters/memory/workspace.h"
#include "api/service.h"
#include "core/plan/records.h"

namespace pawl::testing_support {

// dev, staging, production in a row; each has the check "smoke", which passes until it is told otherwise.
inline constexpr const char* kThree = R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev] }
    - { name: production, promotesFrom: [staging] }
)";

// A project of two layers, base and app, on the real engine over the in-memory adapters. `rest` is what follows layers
// and defaults in pawl.yaml.
class Shop {
 public:
  explicit Shop(const std::string& rest = kThree);

  api::Service& service() { return *service_; }
  // A second process on the same store; `person` signs with the key of that name, "" is nobody.
  std::shared_ptr<api::Service> another(const std::string& person = "");
  // This process signs with the personal key of that name from now on; "" is nobody.
  void sign_in(const std::string& person);
  static std::string public_pem(const std::string& person) { return memory::Signer::key_of(person).public_key().pem(); }

  memory::Blobs& blobs() { return *blobs_; }
  memory::Checks& checks() { return *checks_; }
  memory::Callout& callout() { return *callout_; }
  memory::Clock& clock() { return *clock_; }
  memory::Signer& signer() { return *signer_; }
  memory::Store& store() { return *store_; }
  memory::Workspace& workspace() { return *workspace_; }
  memory::Target& target(const std::string& environment);

  // Called before every call of a port, by its name; what it returns is what the call returns.
  void on_call(std::function<Status(std::string_view call)> hook) { *hook_ = std::move(hook); }

  void configure(const std::string& rest, const std::string& defaults = kDefaults);
  void edit(const std::string& layer, const std::string& value);
  void fail_checks(const std::string& reason = "exit status 1");
  void pass_checks();

  // Cuts a release; returns its digest.
  std::string release(const std::string& version);
  // Each of these fails the test on an error, and returns an empty response then.
  api::PromoteResponse promote(const std::string& environment, const std::string& release = "");
  api::PromoteResponse promote_layer(const std::string& environment, const std::string& release,
                                     const std::string& layer);
  api::PromoteResponse rollback(const std::string& environment, const std::string& to = "");

  api::EnvironmentView environment(const std::string& name);
  std::string head(const std::string& environment);  // the bundle; "" for none
  bool verified(const std::string& environment);
  std::string why(const std::string& release, const std::string& environment);  // every gate and what it found
  std::vector<std::string> entries();                                           // the ledger's types, in order
  std::size_t count(const std::string& type);
  plan::EnvironmentState environment_state(const std::string& name);
  plan::PromotionState promotion_state(std::uint64_t number);

  static constexpr const char* kDefaults = R"(
  defaults:
    target: { directory: live/$(environment) }
    verification:
      - { name: smoke, command: [checks/smoke.sh] }
)";

 private:
  std::shared_ptr<api::Service> connect(std::shared_ptr<memory::Signer> signer);
  template <class T>
  T read(const std::string& key);

  std::shared_ptr<std::function<Status(std::string_view)>> hook_;
  std::shared_ptr<memory::Store> store_;
  std::shared_ptr<memory::Blobs> blobs_;
  std::shared_ptr<memory::Targets> targets_;
  std::shared_ptr<memory::Checks> checks_;
  std::shared_ptr<memory::Callout> callout_;
  std::shared_ptr<memory::Signer> signer_;
  std::shared_ptr<memory::Workspace> workspace_;
  std::shared_ptr<memory::Clock> clock_;
  std::string vkey_;
  int processes_ = 0;
  std::shared_ptr<api::Service> service_;
};

}  // namespace pawl::testing_support

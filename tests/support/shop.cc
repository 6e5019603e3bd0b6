#include "tests/support/shop.h"

#include <algorithm>

#include "adapters/memory/entropy.h"
#include "adapters/memory/executor.h"
#include "adapters/memory/notifier.h"
#include "adapters/memory/source_reader.h"
#include "adapters/memory/time_zones.h"
#include "engine/engine.h"
#include "tests/support/tzif.h"

namespace pawl::testing_support {

namespace {

std::string config_map(const std::string& name, const std::string& value) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  value: \"" + value + "\"\n";
}

template <class T>
T value_or_fail(Result<T> result) {
  if (result) return std::move(*result);
  ADD_FAILURE() << result.error().text();
  return T{};
}

}  // namespace

Shop::Shop(const std::string& rest) : hook_(std::make_shared<std::function<Status(std::string_view)>>()) {
  memory::Fault ask = [hook = hook_](std::string_view call) { return *hook ? (*hook)(call) : Status(); };
  merkle::NoteSigner ledger{"shop.example/log", memory::Signer::key_of("ledger")};
  vkey_ = ledger.verifier().vkey();
  store_ = std::make_shared<memory::Store>(ledger, ask);
  blobs_ = std::make_shared<memory::Blobs>(ask);
  targets_ = std::make_shared<memory::Targets>(ask);
  checks_ = std::make_shared<memory::Checks>(ask);
  callout_ = std::make_shared<memory::Callout>(ask);
  signer_ = std::make_shared<memory::Signer>();
  signer_->set(ports::KeyRole::kRelease, memory::Signer::key_of("release"));
  workspace_ = std::make_shared<memory::Workspace>(ports::FileTree{{"checks/smoke.sh", "#!/bin/sh\n", true}});
  clock_ = std::make_shared<memory::Clock>(parse_time("2026-01-05T10:00:00Z").value());
  edit("base", "1");
  edit("app", "1");
  configure(rest);
  service_ = connect(signer_);
}

std::shared_ptr<api::Service> Shop::connect(std::shared_ptr<memory::Signer> signer) {
  engine::World world;
  world.store = store_;
  world.blobs = blobs_;
  world.targets = targets_;
  world.sources = std::make_shared<memory::SourceReader>();
  world.workspace = workspace_;
  world.checks = checks_;
  world.callout = callout_;
  world.signer = std::move(signer);
  world.clock = clock_;
  world.zones = std::make_shared<memory::TimeZones>(
      std::map<std::string, std::string>{{"Europe/Berlin", tzif("CET-1CEST,M3.5.0,M10.5.0/3")}});
  world.process = "shop/" + std::to_string(++processes_);
  world.entropy = std::make_shared<memory::Entropy>(static_cast<std::uint64_t>(processes_));
  world.executor = std::make_shared<memory::Executor>();
  world.notifier = std::make_shared<memory::Notifier>();
  world.user = "tester";
  world.ledger_vkey = vkey_;
  return engine::make_service(std::move(world));
}

std::shared_ptr<api::Service> Shop::another(const std::string& person) {
  auto signer = std::make_shared<memory::Signer>();
  signer->set(ports::KeyRole::kRelease, memory::Signer::key_of("release"));
  if (!person.empty()) signer->set(ports::KeyRole::kPersonal, memory::Signer::key_of(person));
  return connect(std::move(signer));
}

void Shop::sign_in(const std::string& person) {
  if (person.empty())
    signer_->set(ports::KeyRole::kPersonal, std::nullopt);
  else
    signer_->set(ports::KeyRole::kPersonal, memory::Signer::key_of(person));
}

memory::Target& Shop::target(const std::string& environment) { return *targets_->at("directory:live/" + environment); }

void Shop::configure(const std::string& rest, const std::string& defaults) {
  std::string text = std::string("apiVersion: pawl.dev/v1alpha1\nkind: Project\nmetadata: { name: shop }\nspec:\n") +
                     "  layers:\n    - { name: base, tier: infrastructure, manifests: base }\n" +
                     "    - { name: app, manifests: app, dependsOn: [base] }\n" + defaults + rest;
  ASSERT_TRUE(workspace_->write("pawl.yaml", text).ok());
}

void Shop::edit(const std::string& layer, const std::string& value) {
  ASSERT_TRUE(workspace_->write(layer + "/" + layer + ".yaml", config_map(layer, value)).ok());
}

void Shop::fail_checks(const std::string& reason) {
  checks_->answer("smoke", {.passed = false, .errored = false, .reason = reason});
}

void Shop::pass_checks() { checks_->answer("smoke", {.passed = true}); }

std::string Shop::release(const std::string& version) {
  return value_or_fail(service_->release(Context{}, {.version = version})).release.digest;
}

api::PromoteResponse Shop::promote(const std::string& environment, const std::string& release) {
  return value_or_fail(service_->promote(Context{}, {.environment = environment, .release = release}));
}

api::PromoteResponse Shop::promote_layer(const std::string& environment, const std::string& release,
                                         const std::string& layer) {
  return value_or_fail(
      service_->promote(Context{}, {.environment = environment, .release = release, .layers = {layer}}));
}

api::PromoteResponse Shop::rollback(const std::string& environment, const std::string& to) {
  return value_or_fail(service_->rollback(Context{}, {.environment = environment, .to = to, .reason = "test"}));
}

api::EnvironmentView Shop::environment(const std::string& name) {
  for (api::EnvironmentView& one : value_or_fail(service_->status(Context{}, {})).environments) {
    if (one.name == name) return one;
  }
  ADD_FAILURE() << "no environment " << name;
  return {};
}

std::string Shop::head(const std::string& name) {
  api::EnvironmentView view = environment(name);
  return view.head ? view.head->bundle : "";
}

bool Shop::verified(const std::string& name) {
  api::EnvironmentView view = environment(name);
  return view.head && view.head->verified;
}

std::string Shop::why(const std::string& release, const std::string& environment) {
  std::string out;
  for (const api::GateView& gate :
       value_or_fail(service_->why(Context{}, {.release = release, .environment = environment})).gates)
    out += gate.gate + " " + gate.state + ": " + gate.found + "\n";
  return out;
}

std::vector<std::string> Shop::entries() {
  std::vector<std::string> out;
  for (const api::AuditEntryView& entry : value_or_fail(service_->audit_log(Context{}, {.limit = 10'000})).entries)
    out.push_back(entry.type);
  return out;
}

std::size_t Shop::count(const std::string& type) {
  std::vector<std::string> all = entries();
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), type));
}

template <class T>
T Shop::read(const std::string& key) {
  std::optional<std::string> bytes;
  EXPECT_TRUE(store_
                  ->read(Context{},
                         [&](ports::Reader& reader) -> Status {
                           PAWL_ASSIGN(bytes, reader.get(key));
                           return {};
                         })
                  .ok());
  EXPECT_TRUE(bytes.has_value()) << "no record " << key;
  return plan::decode<T>(bytes.value_or("")).value();
}

plan::EnvironmentState Shop::environment_state(const std::string& name) {
  return read<plan::EnvironmentState>(plan::key::environment(model::ProjectName("shop"), model::EnvironmentName(name)));
}

plan::PromotionState Shop::promotion_state(std::uint64_t number) {
  return read<plan::PromotionState>(plan::key::promotion(model::ProjectName("shop"), number));
}

}  // namespace pawl::testing_support

#include "tests/sim/world.h"

#include "adapters/memory/entropy.h"
#include "adapters/memory/executor.h"
#include "adapters/memory/notifier.h"
#include "adapters/memory/source_reader.h"
#include "engine/engine.h"
#include "engine/facts.h"

namespace pawl::sim {

namespace {

constexpr std::string_view kProject = R"(apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: sim }
spec:
  layers:
    - { name: base, tier: infrastructure, manifests: base }
    - { name: app, manifests: app, dependsOn: [base] }
  defaults:
    target: { directory: live/$(environment) }
    verification:
      - { name: smoke, command: ["true"] }
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev] }
    - { name: production, promotesFrom: [staging] }
)";

std::string config_map(const std::string& name, const std::string& value) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  value: \"" + value + "\"\n";
}

ports::FileTree first_files() {
  return {{"app/app.yaml", config_map("app", "0"), false},
          {"base/base.yaml", config_map("base", "0"), false},
          {"pawl.yaml", std::string(kProject), false}};
}

Time start_time() { return parse_time("2026-01-01T00:00:00Z").value(); }

}  // namespace

World::World(std::uint64_t seed) : seed_(seed) {
  auto ask = [this](std::string_view call) { return fault(call); };
  merkle::NoteSigner ledger{"sim.example/log", memory::Signer::key_of("ledger")};
  vkey_ = ledger.verifier().vkey();
  store_ = std::make_shared<memory::Store>(ledger, ask);
  blobs_ = std::make_shared<memory::Blobs>(ask);
  targets_ = std::make_shared<memory::Targets>(ask);
  checks_ = std::make_shared<memory::Checks>(ask);
  signer_ = std::make_shared<memory::Signer>();
  signer_->set(ports::KeyRole::kRelease, memory::Signer::key_of("release"));
  workspace_ = std::make_shared<memory::Workspace>(first_files());
  workspace_->commit();
  clock_ = std::make_shared<memory::Clock>(start_time());
  connect();
}

Status World::fault(std::string_view call) {
  ++calls_;
  if (!stopped_ && crash_at_ != 0 && calls_ >= crash_at_) {
    stopped_ = true;
    store_->crash();
    targets_->crash();
  }
  if (!stopped_) return {};
  return Error(ErrorCode::kUnavailable, "the process is dead (" + std::string(call) + ")");
}

void World::connect() {
  engine::World world;
  world.store = store_;
  world.blobs = blobs_;
  world.targets = targets_;
  world.sources = std::make_shared<memory::SourceReader>();
  world.workspace = workspace_;
  world.checks = checks_;
  world.signer = signer_;
  world.clock = clock_;
  world.entropy = std::make_shared<memory::Entropy>(seed_ + process_);
  world.executor = std::make_shared<memory::Executor>();
  world.notifier = std::make_shared<memory::Notifier>();
  world.user = "sim";
  world.process = "sim/" + std::to_string(++process_);
  world.is_gone = [self = world.process](const std::string& other) { return other != self; };
  world.project = "sim";
  world.ledger_vkey = vkey_;
  service_ = engine::make_service(std::move(world));
}

void World::edit(const std::string& content) {
  (void)workspace_->write("app/app.yaml", config_map("app", content)).ok();
  workspace_->commit();
}

void World::crash_after(std::uint64_t calls) { crash_at_ = calls_ + calls + 1; }

void World::restart() {
  stopped_ = false;
  crash_at_ = 0;
  connect();
}

namespace {

// Folds the ledger again, judging each step by what the state was before it.
class Judge {
 public:
  explicit Judge(World& world) : world_(world) {}

  std::string run() {
    Status status = world_.store().read(Context{}, [&](ports::Reader& reader) -> Status {
      PAWL_ASSIGN(std::uint64_t size, reader.log_size());
      PAWL_ASSIGN(std::vector<std::string> entries, reader.entries(0, size));
      for (const std::string& bytes : entries) PAWL_TRY(take(bytes));
      return compare(reader);
    });
    if (!status) return status.error().text();
    for (const char* name : {"dev", "staging", "production"}) {
      Status whole = check_environment(name);
      if (!whole) return whole.error().text();
    }
    return {};
  }

 private:
  static Status broken(std::string what) { return Error(ErrorCode::kIntegrity, std::move(what)); }

  Status take(const std::string& bytes) {
    PAWL_ASSIGN(plan::Entry entry, plan::decode_entry(bytes));
    if (const auto* started = std::get_if<plan::PromotionStarted>(&entry.event)) PAWL_TRY(check_entry(*started));
    return plan::fold(records_, entry);
  }

  // A promotion may start only when its release is verified upstream at that moment.
  Status check_entry(const plan::PromotionStarted& started) {
    PAWL_ASSIGN(auto promotion, records_.find<plan::PromotionState>(plan::key::promotion(project_, started.number)));
    const plan::PromotionOpened& opened = promotion->opened;
    if (opened.kind != plan::PromotionKind::kPromote || opened.environment.str() == "dev") return {};
    model::EnvironmentName upstream(opened.environment.str() == "staging" ? "dev" : "staging");
    PAWL_ASSIGN(auto release, records_.find<plan::ReleaseState>(plan::key::release(project_, opened.release)));
    PAWL_ASSIGN(std::string document, world_.blobs().get(Context{}, release->release, limits::kBlobBytes));
    PAWL_ASSIGN(model::Release decoded, model::decode_release(std::move(document)));
    crypto::Digest there = decoded.find(upstream)->bundle.digest;
    PAWL_ASSIGN(auto state, records_.load<plan::BundleState>(plan::key::bundle(project_, upstream, there)));
    if (!state.verified)
      return broken("promotion " + std::to_string(started.number) + " started although " + upstream.str() +
                    " had not verified it");
    return {};
  }

  Status compare(ports::Reader& reader) {
    std::size_t seen = 0;
    std::string after;
    for (;;) {
      PAWL_ASSIGN(std::vector<ports::Record> page, reader.scan("", after, 500));
      if (page.empty()) break;
      for (const ports::Record& record : page) {
        auto found = records_.written().find(record.key);
        if (found == records_.written().end() || found->second != record.value)
          return broken("record " + record.key + " is not what the ledger folds to");
      }
      seen += page.size();
      after = page.back().key;
    }
    return seen == records_.written().size() ? Status() : broken("records are missing");
  }

  Status check_environment(const std::string& name) {
    model::EnvironmentName environment(name);
    PAWL_ASSIGN(auto state, records_.load<plan::EnvironmentState>(plan::key::environment(project_, environment)));
    if (state.head) {
      PAWL_ASSIGN(std::string bytes, world_.blobs().get(Context{}, state.head->bundle, limits::kBlobBytes));
      PAWL_ASSIGN(model::Bundle bundle, model::decode_bundle(std::move(bytes)));
      if (bundle.environment != environment)
        return broken("the head of " + name + " is a bundle of " + bundle.environment.str());
      for (const model::BundleLayer& layer : bundle.layers)
        PAWL_TRY(world_.blobs().get(Context{}, layer.blob.digest, limits::kBlobBytes));
    }
    PAWL_ASSIGN(ports::TargetState target, world_.targets().at("directory:live/" + name)->inspect(Context{}));
    if (!target.receipt || !target.receipt->bundle) return {};
    bool is_head = state.head && state.head->bundle == *target.receipt->bundle;
    bool is_pending = state.pending && state.pending->bundle == *target.receipt->bundle;
    if (!is_head && !is_pending)
      return broken("the target of " + name + " holds a bundle that is neither head nor pending");
    if (target.receipt->epoch > state.epoch)
      return broken("the target of " + name + " knows an epoch that the ledger does not");
    return {};
  }

  World& world_;
  plan::Records records_;
  model::ProjectName project_{"sim"};
};

}  // namespace

std::string broken_invariant(World& world) { return Judge(world).run(); }

}  // namespace pawl::sim

#include "tests/sim/world.h"

#include <algorithm>

#include "adapters/memory/entropy.h"
#include "adapters/memory/executor.h"
#include "adapters/memory/notifier.h"
#include "engine/engine.h"

namespace pawl::sim {

namespace {

Error died() { return Error(ErrorCode::kUnavailable, "the process is dead"); }

}  // namespace

// Answers as it was told to, and remembers what it said.
class World::Checks : public ports::Checks {
 public:
  explicit Checks(World& world) : world_(world) {}
  Result<ports::CheckResult> run(const Context& context, const ports::CheckRequest& request) override {
    PAWL_TRY(context.proceed());
    PAWL_TRY(world_.fault("checks.run"));
    return world_.answer(request);
  }

 private:
  World& world_;
};

World::World(std::uint64_t seed, Coverage& coverage, Plant plant)
    : coverage_(coverage), chance_(seed), baton_(chance_), plant_(plant) {
  auto ask = [this](std::string_view call) { return fault(call); };
  auto sync = [this](std::string_view point) { return !loses_sync(plant_, point, store_->newest(), chance_); };
  merkle::NoteSigner ledger{"sim.example/log", memory::Signer::key_of("ledger")};
  vkey_ = ledger.verifier().vkey();
  store_ = std::make_shared<memory::Store>(ledger, ask, sync);
  blobs_ = std::make_shared<memory::Blobs>(ask, sync);
  targets_ = std::make_shared<memory::Targets>(ask, sync);
  sources_ = std::make_shared<memory::SourceReader>(ask);
  sources_->set_image(kImage, "the first image");
  workspace_ = std::make_shared<memory::Workspace>(ports::FileTree{}, ask);
  clock_ = std::make_shared<memory::Clock>(parse_time("2026-01-01T00:00:00Z").value());
  save();
}

void World::save() {
  auto pem = [](const char* name) { return memory::Signer::key_of(name).public_key().pem(); };
  for (const char* path : {"app/secret.yaml", "policies/rules.yaml"}) workspace_->remove(path);
  for (const ports::TreeFile& file : files_of(setting_, pem("ada"), pem("grace")))
    (void)workspace_->write(file.path, file.bytes).ok();
  workspace_->commit();
}

std::shared_ptr<api::Service> World::connect(const Process& process, const std::string& person) {
  auto signer = std::make_shared<memory::Signer>([this](std::string_view call) { return fault(call); });
  signer->set(ports::KeyRole::kRelease, memory::Signer::key_of("release"));
  if (!person.empty()) signer->set(ports::KeyRole::kPersonal, memory::Signer::key_of(person));
  engine::World world;
  world.store = with_plant(plant_, std::shared_ptr<ports::Store>(store_));
  world.blobs = with_plant(plant_, std::shared_ptr<ports::Blobs>(blobs_));
  world.targets = targets_;
  world.sources = sources_;
  world.workspace = workspace_;
  world.checks = std::make_shared<Checks>(*this);
  world.signer = signer;
  world.clock = clock_;
  world.entropy = std::make_shared<memory::Entropy>(processes_);
  world.executor = std::make_shared<memory::Executor>([this](std::size_t below) { return chance_.below(below); });
  world.notifier = std::make_shared<memory::Notifier>();
  world.user = "sim";
  world.process = process.name;
  world.is_gone = [this](const std::string& other) {
    auto is_it = [&](const Process* alive) { return alive->name == other; };
    return knows_the_dead && std::none_of(alive_.begin(), alive_.end(), is_it);
  };
  world.project = "sim";
  world.ledger_vkey = vkey_;
  return engine::make_service(std::move(world));
}

Heard World::live(const Call& call, Process& process) {
  static const std::set<std::string> kMoves = {"promote", "rollback", "reconcile", "retry"};
  if (kMoves.contains(call.verb)) coverage_.asked();
  running_ = &process;
  std::shared_ptr<api::Service> service = connect(process, call.person);
  Context context;
  context.stop = process.stop.get_token();
  Result<std::string> said = call.body(*service, context);
  std::erase(alive_, &process);
  running_ = nullptr;
  return {call.verb,     said.ok(),    said ? *said : said.error().text(),
          process.calls, process.dead, std::move(process.ports)};
}

Heard World::run(const Call& call) {
  Process process{"sim/" + std::to_string(++processes_), call.fate, 0, false, {}, {}};
  alive_.push_back(&process);
  Heard heard = live(call, process);
  heard_.push_back(heard);
  return heard;
}

std::vector<Heard> World::race(const std::vector<Call>& calls) {
  std::vector<Process> processes(calls.size());
  std::vector<Heard> heard(calls.size());
  std::vector<std::function<void()>> bodies;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    processes[i].name = "sim/" + std::to_string(++processes_);
    processes[i].fate = calls[i].fate;
    alive_.push_back(&processes[i]);
    bodies.emplace_back([&, i] { heard[i] = live(calls[i], processes[i]); });
  }
  baton_.run(bodies);
  heard_.insert(heard_.end(), heard.begin(), heard.end());
  return heard;
}

void World::let_others_go(Process& self) {
  // Whoever is inside the store's lock keeps it; so does whoever is all alone.
  if (!baton_.racing() || store_->busy() || !hands_on || !chance_.one_in(6)) return;
  baton_.hand_on();
  running_ = &self;
}

Status World::pause(Process& self) {
  if (!baton_.racing() || store_->busy()) return {};
  clock_->advance(std::chrono::seconds(90));  // longer than a lease
  baton_.pause();
  running_ = &self;
  return self.dead ? Status(died()) : Status();
}

Status World::fault(std::string_view call) {
  if (running_ == nullptr) return {};  // it is the judge who looks, or the world that is being made
  Process& self = *running_;
  let_others_go(self);
  if (self.dead) return died();
  self.calls += 1;
  if (auto known = self.ports.find(call); known == self.ports.end()) self.ports.emplace(call);
  std::string point = crash_point(call, store_->newest());
  coverage_.reached(point);
  if (self.fate.call != self.calls) return {};
  return strike(self, call, point);
}

Status World::strike(Process& self, std::string_view call, const std::string& point) {
  coverage_.struck(self.fate.blow, point);
  switch (self.fate.blow) {
    case Blow::kNone:
      return {};
    case Blow::kInterrupt:
      self.stop.request_stop();
      return {};
    case Blow::kPause:
      return pause(self);
    case Blow::kError:
      return Error(ErrorCode::kUnavailable, "simulated error of " + std::string(call));
    case Blow::kKill:
      self.dead = true;
      break;
    case Blow::kPowerLoss:
      for (Process* process : alive_) process->dead = true;
      store_->crash();
      blobs_->crash();
      targets_->crash();
      break;
  }
  return died();
}

Result<ports::CheckResult> World::answer(const ports::CheckRequest& request) {
  auto found = answers_.find(request.name);
  ports::CheckResult result = found == answers_.end() ? ports::CheckResult{.passed = true} : found->second;
  check_runs_.push_back({std::stoull(request.environment.at("PAWL_PROMOTION")), request.name, result.passed});
  return result;
}

}  // namespace pawl::sim

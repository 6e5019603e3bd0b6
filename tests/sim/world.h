#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/blobs.h"
#include "adapters/memory/clock.h"
#include "adapters/memory/signer.h"
#include "adapters/memory/source_reader.h"
#include "adapters/memory/store.h"
#include "adapters/memory/targets.h"
#include "adapters/memory/workspace.h"
#include "api/service.h"
#include "ports/checks.h"
#include "tests/sim/baton.h"
#include "tests/sim/coverage.h"
#include "tests/sim/faults.h"
#include "tests/sim/plants.h"
#include "tests/sim/setting.h"
#include "tests/sim/sight.h"

namespace pawl::sim {

// One call of the program: a verb, who calls it, and what befalls the process.
struct Call {
  std::string verb;
  std::function<Result<std::string>(api::Service&, const Context&)> body;  // returns what it said
  std::string person = "";                                                 // whose key; "": none
  Fate fate = {};
};

// The real engine over the in-memory adapters, in processes that live for one call. Any port call of any of them can be
// the last one, fail, or be the moment at which another process goes on.
class World {
 public:
  World(std::uint64_t seed, Coverage& coverage, Plant plant = Plant::kNone);

  // Runs the call in a process of its own. Returns what it said, its error's text included; remembered in heard().
  Heard run(const Call& call);
  // Runs the calls at once, interleaved at their port calls; one that is paused may outlive its lease.
  std::vector<Heard> race(const std::vector<Call>& calls);
  // Everything that was heard since the last time.
  std::vector<Heard> take_heard() { return std::exchange(heard_, {}); }
  std::vector<CheckRun> take_check_runs() { return std::exchange(check_runs_, {}); }

  memory::Store& store() { return *store_; }
  memory::Blobs& blobs() { return *blobs_; }
  memory::Clock& clock() { return *clock_; }
  memory::Targets& targets() { return *targets_; }
  memory::SourceReader& sources() { return *sources_; }
  Chance& chance() { return chance_; }
  Setting& setting() { return setting_; }
  const std::string& ledger_vkey() const { return vkey_; }

  // Writes the setting's files and commits them.
  void save();
  // What the named check answers from now on; what was not set passes.
  void set_check(const std::string& name, ports::CheckResult answer) { answers_[name] = std::move(answer); }
  // Whether a process can tell that another one has ended; false: they run on two machines.
  bool knows_the_dead = true;
  // Whether racing processes let others go in between; false: one goes until it pauses or ends.
  bool hands_on = true;

 private:
  struct Process {
    std::string name;
    Fate fate;
    std::uint64_t calls = 0;
    bool dead = false;
    std::stop_source stop;
    std::set<std::string, std::less<>> ports;
  };
  class Checks;

  std::shared_ptr<api::Service> connect(const Process& process, const std::string& person);
  Heard live(const Call& call, Process& process);
  Status fault(std::string_view call);
  void let_others_go(Process& self);
  Status pause(Process& self);
  Status strike(Process& self, std::string_view call, const std::string& point);
  Result<ports::CheckResult> answer(const ports::CheckRequest& request);

  Coverage& coverage_;
  Chance chance_;
  Baton baton_;
  Plant plant_;
  Setting setting_;
  std::string vkey_;
  std::shared_ptr<memory::Store> store_;
  std::shared_ptr<memory::Blobs> blobs_;
  std::shared_ptr<memory::Targets> targets_;
  std::shared_ptr<memory::SourceReader> sources_;
  std::shared_ptr<memory::Workspace> workspace_;
  std::shared_ptr<memory::Clock> clock_;
  std::map<std::string, ports::CheckResult> answers_;
  std::vector<CheckRun> check_runs_;
  std::vector<Heard> heard_;
  std::vector<Process*> alive_;
  Process* running_ = nullptr;  // whose turn it is
  std::uint64_t processes_ = 0;
};

}  // namespace pawl::sim

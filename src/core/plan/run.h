#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "core/plan/event.h"
#include "core/plan/state.h"

namespace pawl::plan {

// Driving one attempt of a promotion, from the moment `pending` is set: which effects are due, what their completions
// mean, which entries are to be written. Pure: the engine performs the effects and writes the entries.

struct ClaimTarget {
  auto operator<=>(const ClaimTarget&) const = default;
};
struct StageLayer {
  model::LayerName layer;
  auto operator<=>(const StageLayer&) const = default;
};
struct PublishBundle {
  auto operator<=>(const PublishBundle&) const = default;
};
struct ReadBack {
  auto operator<=>(const ReadBack&) const = default;
};
struct RunCheck {
  std::string check;
  auto operator<=>(const RunCheck&) const = default;
};
using Effect = std::variant<ClaimTarget, StageLayer, PublishBundle, ReadBack, RunCheck>;
std::string describe(const Effect& effect);  // "applying layer web"

// What an effect came to. They may arrive in any order.
struct Claimed {
  bool holds_bundle = false;  // the target's receipt names the bundle already
};
struct Staged {
  model::LayerName layer;
};
struct Published {
  std::vector<std::string> overwritten;
};
struct ReadBackDone {
  bool matches = false;
  std::string difference;
};
struct CheckDone {
  std::string check;
  bool passed = false;
  bool errored = false;
  std::string reason;
  std::optional<Digest> record;
};
struct EffectFailed {
  Effect effect;
  Error error;
  bool fenced = false;  // the target is claimed under a higher epoch: somebody else drives
};
using Completion = std::variant<Claimed, Staged, Published, ReadBackDone, CheckDone, EffectFailed>;

struct RunLayer {
  model::LayerName name;
  std::vector<model::LayerName> depends_on;
};

// Progress of this driver; nothing of it is durable. A driver that comes back starts with a fresh one.
struct Run {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::uint64_t epoch = 0;
  Phase phase = Phase::kRunning;
  std::vector<RunLayer> layers;
  std::vector<std::string> checks;  // names, in order
  std::optional<Digest> checks_digest;
  bool resumed = false;

  bool claimed = false;
  bool holds_bundle = false;
  std::set<Effect> issued;
  std::set<model::LayerName> staged;
  bool published = false;
  std::optional<bool> read_back;
  std::vector<std::string> overwritten;
  std::map<std::string, CheckDone> answers;
  std::optional<EffectFailed> failure;
};

struct Step {
  std::vector<Event> entries;   // to be appended now, in order, in one transaction
  std::vector<Effect> effects;  // to be performed now, in any order
  bool finished = false;        // nothing is left to do for this driver
};

// What is due now. Call after every note() and after the entries of the last step were written.
Step next(Run& run);
// Takes a completion in; returns an entry to be written at once, where there is one (a check's answer).
std::optional<Event> note(Run& run, const Completion& completion);

}  // namespace pawl::plan

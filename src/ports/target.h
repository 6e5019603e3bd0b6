#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "core/model/configuration.h"
#include "core/model/names.h"
#include "crypto/digest.h"

namespace pawl::ports {

// The target's own memory of what was applied: compared before every write, so that fencing reaches the effect.
struct Receipt {
  std::string project;
  std::string environment;
  std::optional<crypto::Digest> bundle;  // absent: claimed, nothing applied yet
  std::uint64_t epoch = 0;
  std::uint64_t promotion = 0;
  bool operator==(const Receipt&) const = default;
};

struct TargetState {
  std::optional<Receipt> receipt;
  bool foreign = false;  // something is there that Pawl did not put there, and no receipt
};

// Facts for humans and trailers; they decide nothing.
struct ApplyInfo {
  std::string release;  // version label
  std::string release_digest;
  std::uint64_t ledger_index = 0;
  std::string actor;
};

// Canonical YAML of one layer, in apply order.
struct LayerBytes {
  model::LayerName name;
  std::string yaml;
};

// What is live, as text per layer; a layer that is missing has no entry. `changes` names who touched a file last, where
// the target can tell.
struct Live {
  std::map<std::string, std::string> layers;  // layer name -> concatenated documents
  std::map<std::string, std::string>
      changed_by;                    // "layer/" and model::file_name() -> "ada <ada@example.com>, 2026-..."
  std::vector<std::string> foreign;  // paths that no bundle put there
};

// A place that an environment is applied to. One instance serves one environment. Thread-safe.
class Target {
 public:
  virtual ~Target() = default;

  virtual Result<TargetState> inspect(const Context& context) = 0;

  // Claims the target for `epoch` before anything is looked at or written; later calls with a lower epoch are refused.
  // `adopt` takes over what is foreign. Idempotent. Errors: kConflict for a higher epoch in force (fenced), a receipt
  // of another project or environment, or foreign content without `adopt`; kUnavailable.
  struct Claim {
    std::string project;
    std::string environment;
    std::uint64_t epoch = 0;
    std::uint64_t promotion = 0;
    bool adopt = false;
  };
  virtual Result<TargetState> claim(const Context& context, const Claim& claim) = 0;

  // Stages one layer. Idempotent under (epoch, layer). Readers of the target need not see it before publish().
  virtual Status apply(const Context& context, std::uint64_t epoch, const LayerBytes& layer) = 0;

  // Makes exactly `layers` (in order, all staged under `epoch`) what readers see, in one step, with the receipt. What
  // an earlier bundle put there and this one does not is removed. Returns the paths of hand edits it overwrote.
  virtual Result<std::vector<std::string>> publish(const Context& context, const Receipt& receipt,
                                                   const std::vector<model::LayerName>& layers,
                                                   const ApplyInfo& info) = 0;

  virtual Result<Live> read(const Context& context) = 0;
};

// Opens the target of an environment. `root` is the project's folder.
class Targets {
 public:
  virtual ~Targets() = default;
  virtual Result<std::shared_ptr<Target>> open(const Context& context, const model::Target& target) = 0;
};

}  // namespace pawl::ports

#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "adapters/memory/fault.h"
#include "ports/target.h"

namespace pawl::memory {

// A target in memory: one text a layer. What readers see is durable; what is only staged is lost in a crash.
// Thread-safe.
class Target : public ports::Target {
 public:
  explicit Target(Fault fault = {}) : fault_(std::move(fault)) {}

  // The process that stages stops: staged layers are gone, what is published and claimed stays.
  void crash();
  // Changes what is live behind the port's back: somebody edits by hand (nullopt deletes the layer).
  void edit(const std::string& layer, std::optional<std::string> text, const std::string& who);
  // Puts something there that no bundle did.
  void add_foreign(const std::string& path);

  Result<ports::TargetState> inspect(const Context& context) override;
  Result<ports::TargetState> claim(const Context& context, const Claim& claim) override;
  Status apply(const Context& context, std::uint64_t epoch, const ports::LayerBytes& layer) override;
  Result<std::vector<std::string>> publish(const Context& context, const ports::Receipt& receipt,
                                           const std::vector<model::LayerName>& layers,
                                           const ports::ApplyInfo& info) override;
  Result<ports::Live> read(const Context& context) override;

 private:
  Status enter(const Context& context, std::string_view call);
  ports::TargetState state() const;
  Status check_epoch(std::uint64_t epoch) const;

  Fault fault_;
  mutable std::mutex mutex_;
  std::optional<ports::Receipt> receipt_;
  ports::Live live_;
  std::map<std::string, std::string> published_;                         // as the last publish() wrote it
  std::map<std::pair<std::uint64_t, std::string>, std::string> staged_;  // epoch and layer
};

}  // namespace pawl::memory

#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "adapters/memory/fault.h"
#include "ports/target.h"

namespace pawl::memory {

// A target in memory: one text a layer. What readers see is synced before the call returns; what is only staged, and
// what Sync left volatile, is lost in a crash. Beside the port's calls, Fault is asked at "target.claimed" and
// "target.published", where the effect is done and the caller may hear an error. Thread-safe.
class Target : public ports::Target {
 public:
  explicit Target(Fault fault = {}, Sync sync = {}) : fault_(std::move(fault)), sync_(std::move(sync)) {}

  // The machine stops: staged layers are gone, what was published and claimed stays as it was last synced.
  void crash();
  // Whether what is live is not what was published last: somebody edited it.
  bool edited() const;
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

  // What a reader finds.
  struct Image {
    std::optional<ports::Receipt> receipt;
    ports::Live live;
    std::map<std::string, std::string> published;  // as the last publish() wrote it
  };
  Result<ports::TargetState> take(const Claim& claim);
  Result<std::vector<std::string>> show(const ports::Receipt& receipt, const std::vector<model::LayerName>& layers);
  void change(Image next);

  Fault fault_;
  Sync sync_;
  mutable std::mutex mutex_;
  Image image_;
  std::optional<Image> durable_;                                         // where it differs from image_
  std::map<std::pair<std::uint64_t, std::string>, std::string> staged_;  // epoch and layer
};

}  // namespace pawl::memory

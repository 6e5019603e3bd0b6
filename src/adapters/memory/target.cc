#include "adapters/memory/target.h"

namespace pawl::memory {

Status Target::enter(const Context& context, std::string_view call) {
  PAWL_TRY(context.proceed());
  return ask(fault_, call);
}

void Target::crash() {
  std::lock_guard lock(mutex_);
  staged_.clear();
  if (durable_) image_ = std::move(*durable_);
  durable_.reset();
}

void Target::change(Image next) {
  bool reached_the_disk = synced(sync_, "target.sync");
  if (!reached_the_disk && !durable_) durable_ = std::move(image_);
  if (reached_the_disk) durable_.reset();
  image_ = std::move(next);
}

bool Target::edited() const {
  std::lock_guard lock(mutex_);
  return image_.live.layers != image_.published;
}

void Target::edit(const std::string& layer, std::optional<std::string> text, const std::string& who) {
  std::lock_guard lock(mutex_);
  if (text)
    image_.live.layers.insert_or_assign(layer, std::move(*text));
  else
    image_.live.layers.erase(layer);
  image_.live.changed_by[layer] = who;
}

void Target::add_foreign(const std::string& path) {
  std::lock_guard lock(mutex_);
  image_.live.foreign.push_back(path);
}

ports::TargetState Target::state() const {
  bool something = !image_.live.foreign.empty() || !image_.live.layers.empty();
  return {image_.receipt, !image_.receipt && something};
}

Status Target::check_epoch(std::uint64_t epoch) const {
  if (image_.receipt && image_.receipt->epoch == epoch) return {};
  std::string in_force = image_.receipt ? std::to_string(image_.receipt->epoch) : "none";
  return Error(ErrorCode::kConflict,
               "epoch " + std::to_string(epoch) + " does not hold the target; in force: " + in_force);
}

Result<ports::TargetState> Target::inspect(const Context& context) {
  PAWL_TRY(enter(context, "target.inspect"));
  std::lock_guard lock(mutex_);
  return state();
}

Result<ports::TargetState> Target::claim(const Context& context, const Claim& claim) {
  PAWL_TRY(enter(context, "target.claim"));
  PAWL_ASSIGN(ports::TargetState claimed, take(claim));
  PAWL_TRY(ask(fault_, "target.claimed"));
  return claimed;
}

Result<ports::TargetState> Target::take(const Claim& claim) {
  std::lock_guard lock(mutex_);
  const std::optional<ports::Receipt>& standing = image_.receipt;
  bool others = standing && (standing->project != claim.project || standing->environment != claim.environment);
  if (others && !claim.adopt) {
    return Error(ErrorCode::kConflict, "the target belongs to " + standing->project + "/" + standing->environment,
                 "--adopt");
  }
  if (!others && standing && standing->epoch > claim.epoch) {
    return Error(ErrorCode::kConflict,
                 "epoch " + std::to_string(claim.epoch) + " is fenced off by " + std::to_string(standing->epoch));
  }
  if (state().foreign && !claim.adopt) {
    return Error(ErrorCode::kConflict, "something is in the target that pawl did not put there", "--adopt");
  }
  std::optional<crypto::Digest> bundle;
  if (standing && !others) bundle = standing->bundle;
  Image next = image_;
  next.receipt = ports::Receipt{claim.project, claim.environment, bundle, claim.epoch, claim.promotion};
  change(std::move(next));
  return state();
}

Status Target::apply(const Context& context, std::uint64_t epoch, const ports::LayerBytes& layer) {
  PAWL_TRY(enter(context, "target.apply"));
  std::lock_guard lock(mutex_);
  PAWL_TRY(check_epoch(epoch));
  staged_.insert_or_assign({epoch, layer.name.str()}, layer.yaml);
  return {};
}

Result<std::vector<std::string>> Target::publish(const Context& context, const ports::Receipt& receipt,
                                                 const std::vector<model::LayerName>& layers, const ports::ApplyInfo&) {
  PAWL_TRY(enter(context, "target.publish"));
  PAWL_ASSIGN(std::vector<std::string> overwritten, show(receipt, layers));
  PAWL_TRY(ask(fault_, "target.published"));
  return overwritten;
}

Result<std::vector<std::string>> Target::show(const ports::Receipt& receipt,
                                              const std::vector<model::LayerName>& layers) {
  std::lock_guard lock(mutex_);
  PAWL_TRY(check_epoch(receipt.epoch));
  std::map<std::string, std::string> next;
  for (const model::LayerName& layer : layers) {
    auto staged = staged_.find({receipt.epoch, layer.str()});
    if (staged == staged_.end()) return Error(ErrorCode::kConflict, "layer " + layer.str() + " is not staged");
    next[layer.str()] = staged->second;
  }
  std::vector<std::string> overwritten;
  for (const auto& [layer, text] : image_.live.layers) {
    auto before = image_.published.find(layer);
    if (before == image_.published.end() || before->second != text) overwritten.push_back(layer);
  }
  change({receipt, {next, {}, image_.live.foreign}, next});
  staged_.clear();
  return overwritten;
}

Result<ports::Live> Target::read(const Context& context) {
  PAWL_TRY(enter(context, "target.read"));
  std::lock_guard lock(mutex_);
  return image_.live;
}

}  // namespace pawl::memory

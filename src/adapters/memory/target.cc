#include "adapters/memory/target.h"

namespace pawl::memory {

Status Target::enter(const Context& context, std::string_view call) {
  PAWL_TRY(context.proceed());
  return ask(fault_, call);
}

void Target::crash() {
  std::lock_guard lock(mutex_);
  staged_.clear();
}

void Target::edit(const std::string& layer, std::optional<std::string> text, const std::string& who) {
  std::lock_guard lock(mutex_);
  if (text)
    live_.layers.insert_or_assign(layer, std::move(*text));
  else
    live_.layers.erase(layer);
  live_.changed_by[layer] = who;
}

void Target::add_foreign(const std::string& path) {
  std::lock_guard lock(mutex_);
  live_.foreign.push_back(path);
}

ports::TargetState Target::state() const {
  bool something = !live_.foreign.empty() || !live_.layers.empty();
  return {receipt_, !receipt_ && something};
}

Status Target::check_epoch(std::uint64_t epoch) const {
  if (receipt_ && receipt_->epoch == epoch) return {};
  std::string in_force = receipt_ ? std::to_string(receipt_->epoch) : "none";
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
  std::lock_guard lock(mutex_);
  bool others = receipt_ && (receipt_->project != claim.project || receipt_->environment != claim.environment);
  if (others && !claim.adopt) {
    return Error(ErrorCode::kConflict, "the target belongs to " + receipt_->project + "/" + receipt_->environment,
                 "--adopt");
  }
  if (!others && receipt_ && receipt_->epoch > claim.epoch) {
    return Error(ErrorCode::kConflict,
                 "epoch " + std::to_string(claim.epoch) + " is fenced off by " + std::to_string(receipt_->epoch));
  }
  if (state().foreign && !claim.adopt) {
    return Error(ErrorCode::kConflict, "something is in the target that pawl did not put there", "--adopt");
  }
  std::optional<crypto::Digest> bundle;
  if (receipt_ && !others) bundle = receipt_->bundle;
  receipt_ = ports::Receipt{claim.project, claim.environment, bundle, claim.epoch, claim.promotion};
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
  std::lock_guard lock(mutex_);
  PAWL_TRY(check_epoch(receipt.epoch));
  std::map<std::string, std::string> next;
  for (const model::LayerName& layer : layers) {
    auto staged = staged_.find({receipt.epoch, layer.str()});
    if (staged == staged_.end()) return Error(ErrorCode::kConflict, "layer " + layer.str() + " is not staged");
    next[layer.str()] = staged->second;
  }
  std::vector<std::string> overwritten;
  for (const auto& [layer, text] : live_.layers) {
    auto before = published_.find(layer);
    if (before == published_.end() || before->second != text) overwritten.push_back(layer);
  }
  live_.layers = published_ = std::move(next);
  live_.changed_by.clear();
  staged_.clear();
  receipt_ = receipt;
  return overwritten;
}

Result<ports::Live> Target::read(const Context& context) {
  PAWL_TRY(enter(context, "target.read"));
  std::lock_guard lock(mutex_);
  return live_;
}

}  // namespace pawl::memory

#pragma once

#include <memory>

#include "core/model/configuration.h"
#include "core/model/release.h"
#include "core/plan/run.h"
#include "engine/world.h"

namespace pawl::engine {

// Performs the effects of one promotion's run on its target. Thread-safe.
class Effects {
 public:
  Effects(World& world, const Context& context, const model::Environment& environment,
          const plan::PromotionState& promotion, model::Bundle bundle, std::optional<crypto::Digest> snapshot,
          ports::ApplyInfo info, std::shared_ptr<ports::Target> target)
      : world_(world),
        context_(context),
        environment_(environment),
        promotion_(promotion),
        bundle_(std::move(bundle)),
        snapshot_(snapshot),
        info_(std::move(info)),
        target_(std::move(target)) {}

  plan::Completion perform(const plan::Effect& effect, std::uint64_t epoch);

 private:
  plan::Completion claim(std::uint64_t epoch);
  plan::Completion stage(const plan::StageLayer& effect, std::uint64_t epoch);
  plan::Completion publish(std::uint64_t epoch);
  plan::Completion read_back();
  plan::Completion check(const plan::RunCheck& effect);
  Result<ports::CheckResult> run_check(const model::Check& check);
  Result<crypto::Digest> record_check(const model::Check& check, const ports::CheckResult& result);
  plan::Completion failed(const plan::Effect& effect, Error error, std::uint64_t epoch);

  World& world_;
  const Context& context_;
  const model::Environment& environment_;
  const plan::PromotionState& promotion_;
  model::Bundle bundle_;
  std::optional<crypto::Digest> snapshot_;  // whose files the checks run with
  ports::ApplyInfo info_;
  std::shared_ptr<ports::Target> target_;
};

// How the live layers differ from the bundle's, in a sentence; "" when they do not. Compares objects, not bytes.
Result<std::string> difference_from_live(World& world, const Context& context, const model::Bundle& bundle,
                                         const ports::Live& live);

}  // namespace pawl::engine

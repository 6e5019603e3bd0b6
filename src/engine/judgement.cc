#include "engine/judgement.h"

#include <algorithm>

namespace pawl::engine {

policy::Report judge(ports::Executor& executor, const policy::PolicySet& policies, const policy::Facts& facts,
                     std::span<const policy::Review> reviews) {
  constexpr std::size_t kPart = 512;  // reviews that one task judges
  policy::Report out;
  out.verdicts.resize(reviews.size());
  executor.for_each((reviews.size() + kPart - 1) / kPart, [&](std::size_t part) {
    policy::Evaluator evaluator(policies, facts);
    std::size_t end = std::min(reviews.size(), (part + 1) * kPart);
    for (std::size_t i = part * kPart; i < end; ++i) out.verdicts[i] = evaluator.evaluate(reviews[i]);
  });
  for (const policy::Verdict& verdict : out.verdicts) {
    out.evaluated += verdict.evaluated;
    out.cost += verdict.cost;
  }
  return out;
}

}  // namespace pawl::engine

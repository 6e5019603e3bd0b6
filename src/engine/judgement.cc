#include "engine/judgement.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace pawl::engine {

policy::Report judge(ports::Executor& executor, const policy::PolicySet& policies, const policy::Facts& facts,
                     std::span<const policy::Review> reviews) {
  constexpr std::size_t kPart = 512;  // reviews that one task judges
  std::vector<policy::Report> parts((reviews.size() + kPart - 1) / kPart);
  executor.for_each(parts.size(), [&](std::size_t i) {
    std::span<const policy::Review> rest = reviews.subspan(i * kPart);
    parts[i] = policy::evaluate(policies, facts, rest.first(std::min(rest.size(), kPart)));
  });
  policy::Report out;
  for (policy::Report& part : parts) {
    std::ranges::move(part.verdicts, std::back_inserter(out.verdicts));
    out.evaluated += part.evaluated;
    out.cost += part.cost;
  }
  return out;
}

}  // namespace pawl::engine

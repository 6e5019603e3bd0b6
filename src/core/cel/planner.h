#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "core/cel/checker.h"
#include "core/cel/node.h"

namespace pawl::cel {

// The nodes of one planned expression and what they point at.
struct Plan {
  const Node* root = nullptr;
  std::size_t slots = 0;
  std::deque<Node> nodes;
  std::deque<Attribute> attributes;
  std::deque<CallDetail> calls;
  std::deque<Fold> folds;
  std::deque<std::vector<bool>> flags;
  Arena arena;              // constants
  std::vector<bool> reads;  // by variable of the environment

  Plan() = default;
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
};

// Makes the steps that evaluate a checked expression, and computes what is constant. Faults: constants that cannot be,
// such as a regular expression that is none. What nodes cost is what cel-go's interpreter, with its optimizer, counts.
std::unique_ptr<Plan> plan_expression(const Ast& ast, const Checked& checked, const Environment& environment,
                                      std::vector<Fault>& faults);

}  // namespace pawl::cel

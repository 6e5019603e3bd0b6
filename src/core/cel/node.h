#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/cel/data_index.h"
#include "core/cel/function.h"
#include "core/cel/value.h"

namespace pawl::cel {

// The state of one evaluation.
struct Frame {
  const Value* variables;  // by slot of the environment
  Value* locals;           // by slot of the program
  void** builders;         // by slot of the program: what a comprehension grows
  Arena& arena;
  const TimeZones* zones;
  std::uint64_t cost_limit;
  std::uint64_t cost = 0;
  std::uint64_t steps = 0;  // of loops and searches
  DataIndexes* indexes = nullptr;

  // The entry of a map, or absent.
  Value find(const Value& map, const Value& key);

  // Whether loops must end: what they compute will not be used.
  bool is_stopped() const { return cost > cost_limit || steps > kMostSteps || arena.is_over_limit(); }
  // Loops whose steps cost nothing end here.
  static constexpr std::uint64_t kMostSteps = 50'000'000;
};

// One step of a planned expression. Nodes are immutable once planned and live in the program.
struct Node {
  using Run = Value (*)(const Node& node, Frame& frame);

  Run run = nullptr;
  std::uint32_t cost = 0;  // of this step alone
  std::uint32_t slot = 0;
  std::uint8_t option = 0;    // what distinguishes nodes of one Run
  bool is_constant = false;   // a literal, or made of literals only
  bool is_attribute = false;  // a variable, or selections from something
  std::vector<const Node*> parts;
  Value value;
  const void* detail = nullptr;  // of what run() expects

  Value operator()(Frame& frame) const { return run(*this, frame); }
};

// One step from a value to a part of it.
struct Qualifier {
  Value key;                    // where index is null
  const Node* index = nullptr;  // computes the key
  bool optional = false;        // .?field, [?index]
};

struct Attribute {
  const Node* base = nullptr;
  std::vector<Qualifier> path;
  bool tests_presence = false;  // has(): of the last step
};

struct CallDetail {
  const FunctionEntry* function = nullptr;
  // What may be called: one overload where the checker found only one to fit, else all of the function.
  std::vector<const Overload*> candidates;
  bool is_resolved = false;
  bool is_checked = false;  // the arguments' types were inferred to fit: no need to look at them again
  std::shared_ptr<const void> prepared;
  std::string name;
};

struct Fold {
  const Node* range = nullptr;
  const Node* condition = nullptr;
  const Node* step = nullptr;
  const Node* result = nullptr;
  bool two_variables = false;
};

}  // namespace pawl::cel

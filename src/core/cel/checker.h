#pragma once

#include <cstdint>
#include <vector>

#include "core/cel/ast.h"
#include "core/cel/environment.h"

namespace pawl::cel {

// What a node of an expression was found to name.
struct Reference {
  enum class Kind : std::uint8_t {
    kNone,
    kVariable,     // slot: of the activation
    kLocal,        // slot: of the frame; a comprehension's variable
    kAccumulated,  // slot: of the frame; owner: the comprehension, whose initial value it begins with
    kBlockSlot,    // slot: of the frame; owner: the block, slot_index: which of its expressions
    kConstant,     // value
    kFunction,     // function, and in overloads those that fit by type
  };
  Kind kind = Kind::kNone;
  bool drops_receiver = false;  // the receiver was the function's namespace
  std::size_t slot = 0;
  std::size_t slot_index = 0;
  const Expr* owner = nullptr;
  Value value;
  const FunctionEntry* function = nullptr;
  std::vector<const Overload*> overloads;
};

struct Checked {
  std::vector<Type> types;            // by Expr::id
  std::vector<Reference> references;  // by Expr::id; of a comprehension or block: its first slot
  std::size_t slots = 0;              // that a frame needs
};

// Infers the types of an expression and resolves its names, as cel-go's checker does and in its words.
Checked check_expression(const Ast& ast, const Environment& environment, std::vector<Fault>& faults);
// Resolves names only; every type is dyn. For expressions that are evaluated unchecked; never reports a fault, but
// leaves what is unknown unresolved.
Checked resolve_expression(const Ast& ast, const Environment& environment);

}  // namespace pawl::cel

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/cel/ast.h"
#include "core/cel/environment.h"

namespace pawl::cel {

// A call in the source that may stand for something longer.
struct MacroCall {
  Ast& ast;
  Offset at;  // where everything that the macro makes counts as standing
  std::string_view function;
  Expr* receiver = nullptr;
  std::vector<Expr*> arguments;
};

// What became of the call: nothing where it is no macro's (the call stands as it is), a fault where it is one but its
// arguments do not fit.
struct Expansion {
  Expr* expr = nullptr;
  std::optional<Fault> fault;
};
Expansion expand_macro(const MacroCall& call, Dialect dialect);

// More nodes than this are refused: some macros copy their receiver, and chains of them would grow without bound.
inline constexpr std::size_t kMostNodes = 400'000;

}  // namespace pawl::cel

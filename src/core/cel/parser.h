#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/cel/ast.h"
#include "core/cel/environment.h"

namespace pawl::cel {

inline constexpr std::size_t kMostCodePoints = 100'000;
inline constexpr std::uint32_t kDeepestNesting = 250;

// Whether the language keeps this word for itself, so that nothing can be called so.
bool is_reserved(std::string_view name);

// Parses an expression and expands its macros; what is wrong with it goes into `faults`, and the tree then has faulty
// nodes or no root. Neither time, memory nor stack grow faster than the bounds of cel-go's parser allow.
std::unique_ptr<Ast> parse_expression(const Source& source, Dialect dialect, std::vector<Fault>& faults);

}  // namespace pawl::cel

#pragma once

#include <optional>
#include <vector>

#include "core/cel/type.h"

namespace pawl::cel {

// What the type parameters of one expression were found to be. Parameters are named by number ("_var7").
class Unification {
 public:
  Type fresh();

  // Whether a value of type `from` may stand where `to` is asked for; parameters are bound on the way, and only where
  // the answer is yes. (cel-go's isAssignable, including which argument comes first.)
  bool assign(const Type& to, const Type& from);
  bool assign(const std::vector<Type>& to, const std::vector<Type>& from);

  // `type` with bound parameters replaced; unbound ones become dyn where `to_dyn`.
  Type substitute(const Type& type, bool to_dyn) const;
  // A copy of these types in which each named parameter is a fresh one.
  std::vector<Type> instantiate(const std::vector<Type>& types);

 private:
  struct Undo {
    std::size_t index;
    std::optional<Type> before;
  };
  struct Fit {
    bool fits = false;
    bool bound = false;
  };
  std::optional<Type> binding(const Type& parameter) const;
  void bind(const Type& parameter, Type to);
  void rewind(std::size_t mark);
  bool try_assign(const Type& a, const Type& b);
  bool try_assign(const std::vector<Type>& a, const std::vector<Type>& b);
  Fit try_substitution(const Type& type, const Type& parameter);
  bool is_absent_from(const Type& parameter, const Type& within) const;
  static std::size_t index_of(const Type& parameter);

  std::vector<std::optional<Type>> bindings_;
  std::vector<Undo> trail_;
};

// The more general of two types that unify.
Type more_general(const Type& a, const Type& b);

}  // namespace pawl::cel

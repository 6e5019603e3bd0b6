#include "core/cel/unification.h"

#include <charconv>
#include <map>

namespace pawl::cel {

namespace {

using Kind = Type::Kind;

constexpr std::string_view kFreshName = "_var";

bool is_dyn(const Type& type) { return type.kind() == Kind::kDyn; }
bool is_dyn_or_error(const Type& type) { return is_dyn(type) || type.kind() == Kind::kError; }
bool is_parameter(const Type& type) { return type.kind() == Kind::kParameter; }

bool is_nullable(const Type& type) {
  switch (type.kind()) {
    case Kind::kNull:
    case Kind::kOptional:
    case Kind::kOpaque:
    case Kind::kRecord:
    case Kind::kDuration:
    case Kind::kTimestamp:
      return true;
    case Kind::kDyn:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kList:
    case Kind::kMap:
    case Kind::kType:
    case Kind::kParameter:
    case Kind::kError:
      return false;
  }
  return false;
}

bool is_container(const Type& type) {
  return type.kind() == Kind::kList || type.kind() == Kind::kMap || type.kind() == Kind::kOptional ||
         type.kind() == Kind::kOpaque;
}

bool is_equal_or_less_specific(const Type& a, const Type& b) {
  if (is_dyn(a) || is_parameter(a)) return true;
  if (is_dyn(b) || is_parameter(b)) return false;
  if (a.kind() != b.kind()) return false;
  if (a.kind() == Kind::kType) return true;
  if (!is_container(a)) return a == b;
  if (a.name() != b.name() || a.parameters().size() != b.parameters().size()) return false;
  for (std::size_t i = 0; i < a.parameters().size(); ++i)
    if (!is_equal_or_less_specific(a.parameters()[i], b.parameters()[i])) return false;
  return true;
}

// `type` with its parameters, of which there are as many, replaced.
Type rebuilt(const Type& type, std::vector<Type> parameters) {
  switch (type.kind()) {
    case Kind::kList:
      return Type::list(std::move(parameters[0]));
    case Kind::kMap:
      return Type::map(std::move(parameters[0]), std::move(parameters[1]));
    case Kind::kOptional:
      return Type::optional(std::move(parameters[0]));
    case Kind::kType:
      return Type::type_of(std::move(parameters[0]));
    case Kind::kOpaque:
      return Type::opaque(type.name(), std::move(parameters));
    case Kind::kDyn:
    case Kind::kNull:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kDuration:
    case Kind::kTimestamp:
    case Kind::kRecord:
    case Kind::kParameter:
    case Kind::kError:
      return type;
  }
  return type;
}

Type renamed(const Type& type, std::map<std::string, Type>& names, Unification& unification) {
  if (is_parameter(type)) {
    auto [place, is_new] = names.try_emplace(type.name());
    if (is_new) place->second = unification.fresh();
    return place->second;
  }
  if (type.parameters().empty()) return type;
  std::vector<Type> parameters;
  for (const Type& parameter : type.parameters()) parameters.push_back(renamed(parameter, names, unification));
  return rebuilt(type, std::move(parameters));
}

}  // namespace

Type more_general(const Type& a, const Type& b) { return is_equal_or_less_specific(a, b) ? a : b; }

Type Unification::fresh() {
  bindings_.emplace_back();
  return Type::parameter(std::string(kFreshName) + std::to_string(bindings_.size() - 1));
}

std::size_t Unification::index_of(const Type& parameter) {
  std::string_view digits = std::string_view(parameter.name()).substr(kFreshName.size());
  std::size_t index = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), index);
  return index;
}

std::optional<Type> Unification::binding(const Type& parameter) const {
  if (!is_parameter(parameter)) return std::nullopt;
  return bindings_[index_of(parameter)];
}

void Unification::bind(const Type& parameter, Type to) {
  std::size_t index = index_of(parameter);
  trail_.push_back({index, bindings_[index]});
  bindings_[index] = std::move(to);
}

void Unification::rewind(std::size_t mark) {
  while (trail_.size() > mark) {
    bindings_[trail_.back().index] = std::move(trail_.back().before);
    trail_.pop_back();
  }
}

bool Unification::assign(const Type& to, const Type& from) {
  bool fits = try_assign(to, from);
  if (!fits) rewind(0);
  trail_.clear();
  return fits;
}

bool Unification::assign(const std::vector<Type>& to, const std::vector<Type>& from) {
  bool fits = try_assign(to, from);
  if (!fits) rewind(0);
  trail_.clear();
  return fits;
}

bool Unification::try_assign(const std::vector<Type>& a, const std::vector<Type>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!try_assign(a[i], b[i])) return false;
  return true;
}

bool Unification::try_assign(const Type& a, const Type& b) {
  if (is_parameter(b)) {
    Fit fit = try_substitution(a, b);
    if (fit.fits) return true;
    if (fit.bound) return false;
  }
  if (is_parameter(a)) return try_substitution(b, a).fits;
  if (is_dyn_or_error(a) || is_dyn_or_error(b)) return true;
  if (a.kind() == Kind::kNull) return is_nullable(b);
  if (b.kind() == Kind::kNull) return is_nullable(a);
  if (a.kind() != b.kind()) return false;
  if (a.kind() == Kind::kType) return true;
  if (is_container(a)) return a.name() == b.name() && try_assign(a.parameters(), b.parameters());
  return a == b;
}

Unification::Fit Unification::try_substitution(const Type& type, const Type& parameter) {
  if (type == parameter) return {true, true};
  if (std::optional<Type> known = binding(parameter)) {
    if (type == *known) return {true, true};
    if (!try_assign(type, *known)) return {false, true};
    Type wider = more_general(type, *known);
    if (is_absent_from(parameter, wider)) bind(parameter, wider);
    return {true, true};
  }
  if (!is_absent_from(parameter, type)) return {false, false};
  bind(parameter, type);
  return {true, false};
}

bool Unification::is_absent_from(const Type& parameter, const Type& within) const {
  if (parameter == within) return false;
  if (is_parameter(within)) {
    std::optional<Type> known = binding(within);
    return !known || is_absent_from(parameter, *known);
  }
  for (const Type& inner : within.parameters())
    if (!is_absent_from(parameter, inner)) return false;
  return true;
}

Type Unification::substitute(const Type& type, bool to_dyn) const {
  if (std::optional<Type> known = binding(type)) return substitute(*known, to_dyn);
  if (is_parameter(type)) return to_dyn ? Type::dyn() : type;
  if (type.parameters().empty()) return type;
  std::vector<Type> parameters;
  for (const Type& parameter : type.parameters()) parameters.push_back(substitute(parameter, to_dyn));
  return rebuilt(type, std::move(parameters));
}

std::vector<Type> Unification::instantiate(const std::vector<Type>& types) {
  std::map<std::string, Type> names;
  std::vector<Type> made;
  for (const Type& type : types) made.push_back(renamed(type, names, *this));
  return made;
}

}  // namespace pawl::cel

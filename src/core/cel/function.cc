#include "core/cel/function.h"

#include <algorithm>

namespace pawl::cel {

void Registry::add(std::string_view function, Overload overload) {
  FunctionEntry& entry = functions_.try_emplace(std::string(function)).first->second;
  entry.name = function;
  auto same = std::find_if(entry.overloads.begin(), entry.overloads.end(),
                           [&](const Overload& known) { return known.id == overload.id; });
  if (same == entry.overloads.end())
    entry.overloads.push_back(std::move(overload));
  else
    *same = std::move(overload);
}

void Registry::set_cost(std::string_view function, CostOf cost) {
  FunctionEntry& entry = functions_.try_emplace(std::string(function)).first->second;
  entry.name = function;
  entry.cost = cost;
}

void Registry::set_single(std::string_view function) {
  auto found = functions_.find(function);
  if (found != functions_.end()) found->second.is_single = true;
}

void Registry::add_constant(std::string_view name, Type type, Value value) {
  constants_.insert_or_assign(std::string(name), Constant{std::move(type), value});
}

const FunctionEntry* Registry::find(std::string_view function) const {
  auto found = functions_.find(function);
  // A cost alone declares nothing.
  return found == functions_.end() || found->second.overloads.empty() ? nullptr : &found->second;
}

const Registry::Constant* Registry::find_constant(std::string_view name) const {
  auto found = constants_.find(name);
  return found == constants_.end() ? nullptr : &found->second;
}

}  // namespace pawl::cel

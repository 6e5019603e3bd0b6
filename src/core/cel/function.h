#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cel/type.h"
#include "core/cel/value.h"
#include "format/time_zone.h"

namespace pawl::cel {

// Where time zones come from: the core reads no files.
class TimeZones {
 public:
  virtual ~TimeZones() = default;
  // Returns the zone of an IANA name, which lives as long as this; nullptr for an unknown one. Called from several
  // threads at once.
  virtual const format::TimeZone* find(std::string_view name) const = 0;
};

// What an implementation sees beside its arguments.
struct Call {
  Arena& arena;                    // where results are made
  const void* prepared = nullptr;  // what Overload::prepare made of a constant argument, or null
  const TimeZones* zones = nullptr;
};

// Returns the result or Value::error(...). Arguments are never errors nor absent, and are of the kinds that the
// overload declares (dyn: any). Pure; called from several threads at once. A result that may be much larger than its
// arguments asks arena.has_room() first and errs with kTooMuchMemory.
using Implementation = Value (*)(Call& call, std::span<const Value> arguments);

// Returns the runtime cost of one call, or nothing where the default holds (1, or what the overload says). Here
// arguments and result may be errors: an argument that erred is why there was no call, and its cost counts all the
// same.
using CostOf = std::optional<std::uint64_t> (*)(std::span<const Value> arguments, const Value& result);

// Makes once, while an expression compiles, what a constant argument needs at every call: a compiled regular
// expression. Null where the constant is unfit; the implementation then errs by itself.
using Prepare = std::shared_ptr<const void> (*)(const Value& constant);

// One signature of a function.
struct Overload {
  std::string id;               // cel-go's: "string_char_at_int"
  bool receiver = false;        // called as first.function(rest...); else function(first, rest...)
  std::vector<Type> arguments;  // the receiver included
  Type result;
  Implementation run = nullptr;
  // By this overload, used only where the checker found it to be the only one that fits (as cel-go does).
  CostOf cost = nullptr;
  std::size_t prepared_argument = 0;
  Prepare prepare = nullptr;
};

struct FunctionEntry {
  std::string name;
  std::vector<Overload> overloads;
  CostOf cost = nullptr;
  bool is_single = false;
};

// The functions of an environment by name ("size", "ip.isCanonical", "math.@max"). Macros are the parser's: cel.bind,
// math.greatest and math.least (which call math.@max and math.@min), lists' sortBy (lists.@sortByAssociatedKeys),
// optMap, the two-variable comprehensions.
class Registry {
 public:
  // Appends an overload. An overload of the same id replaces the earlier one.
  void add(std::string_view function, Overload overload);
  // The cost of every call of a function, whatever its overload: what Kubernetes' estimator knows by name. It goes
  // before Overload::cost.
  void set_cost(std::string_view function, CostOf cost);
  // Says that all overloads share one implementation, as some of cel-go do: what does not fit it is told in other
  // words, and its arguments are all read before one that erred is looked at.
  void set_single(std::string_view function);
  // A name that stands for a value: type names ("net.IP" of type_of(opaque("net.IP"))).
  void add_constant(std::string_view name, Type type, Value value);

  const FunctionEntry* find(std::string_view function) const;
  struct Constant {
    Type type;
    Value value;
  };
  const Constant* find_constant(std::string_view name) const;

 private:
  std::map<std::string, FunctionEntry, std::less<>> functions_;
  std::map<std::string, Constant, std::less<>> constants_;
};

}  // namespace pawl::cel

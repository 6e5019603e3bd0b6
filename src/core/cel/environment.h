#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cel/function.h"
#include "core/cel/type.h"

namespace pawl::cel {

enum class Dialect : std::uint8_t {
  kStandard,    // cel-spec with the extension libraries of its conformance suite
  kKubernetes,  // a Kubernetes 1.34 apiserver: its compile options, libraries and runtime cost; and math, encoders,
                // cel.bind
};

// The names and functions that an expression may use. Build it once, then share it: programs and activations keep what
// they need of it, so later declarations do not reach programs compiled before.
class Environment {
 public:
  explicit Environment(Dialect dialect);

  // Declares a variable; names may be qualified ("a.b.c"). Declaring one again replaces its type.
  Environment& declare(std::string name, Type type);
  // Adds a function beside those of the dialect.
  Environment& declare_function(std::string_view name, Overload overload);
  // The namespace that names are resolved in first ("container" of cel-spec).
  Environment& set_container(std::string name);
  // Where time zones' names are looked up; without one, only offsets and UTC are known. Must outlive the programs.
  Environment& set_time_zones(const TimeZones& zones);

  struct Variable {
    std::string name;
    Type type;
  };
  Dialect dialect() const { return dialect_; }
  const std::string& container() const { return container_; }
  const std::vector<Variable>& variables() const { return *variables_; }
  const std::shared_ptr<const std::vector<Variable>>& shared_variables() const { return variables_; }
  const std::shared_ptr<const Registry>& registry() const { return registry_; }
  const TimeZones* time_zones() const { return zones_; }
  // The place of a variable among variables(), which is its place in an Activation.
  std::optional<std::size_t> index_of(std::string_view name) const;
  // The names that `name` may stand for in the container, most specific first: a.b.x, a.x, x. ".x" is x alone.
  std::vector<std::string> candidates(std::string_view name) const;

 private:
  Dialect dialect_;
  std::string container_;
  std::shared_ptr<const std::vector<Variable>> variables_;
  std::shared_ptr<const Registry> registry_;
  const TimeZones* zones_ = nullptr;
};

}  // namespace pawl::cel

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/cel/type.h"

namespace pawl::cel {

enum class Dialect : std::uint8_t {
  kStandard,    // cel-spec with the extension libraries of its conformance suite
  kKubernetes,  // what a Kubernetes 1.34 apiserver gives ValidatingAdmissionPolicy: its libraries and its compile
                // options
};

// The names and functions that an expression may use. Build it once, then share it; immutable while programs are
// compiled.
class Environment {
 public:
  explicit Environment(Dialect dialect);

  // Declares a variable; names may be qualified ("a.b.c"). Declaring one again replaces its type.
  Environment& declare(std::string name, Type type);
  // The namespace that names are resolved in first ("container" of cel-spec).
  Environment& set_container(std::string name);

 private:
  // (the representation is the checker's)
};

}  // namespace pawl::cel

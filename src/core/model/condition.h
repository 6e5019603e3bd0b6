#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "core/cel/program.h"
#include "format/value.h"

namespace pawl::model {

// A condition on evidence: CEL over what one signed statement says.
class Condition {
 public:
  // What an expression may read, by these names. `environment` has name, project and labels.
  struct Facts {
    format::Value predicate;
    format::Value subject;    // the one that is asked about: name and digest
    format::Value statement;  // all of it
    format::Value environment;
  };

  // Errors: kInvalid, with a line "1:15: what is wrong" for every fault, and for what can be no boolean.
  static Result<Condition> compile(const std::string& text);

  // Why it does not hold, as a clause; nullopt where it does. One that errs, or comes to no boolean, does not hold.
  std::optional<std::string> refusal(const Facts& facts) const;

 private:
  Condition(cel::Environment environment, cel::Program program)
      : environment_(std::move(environment)), program_(std::move(program)) {}

  cel::Environment environment_;
  cel::Program program_;
};

}  // namespace pawl::model

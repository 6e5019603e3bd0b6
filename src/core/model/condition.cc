#include "core/model/condition.h"

#include "base/shorten.h"
#include "base/text.h"

namespace pawl::model {

namespace {

constexpr std::size_t kLongest = 4096;

cel::Environment environment_of_evidence() {
  cel::Environment out(cel::Dialect::kKubernetes);
  for (const char* name : {"predicate", "subject", "statement", "environment"}) out.declare(name, cel::Type::dyn());
  return out;
}

// Of "ERROR: <input>:1:3: what is wrong" and the lines that show the place, what is wrong and where.
std::string faults_in(const std::string& message) {
  constexpr std::string_view kHead = "ERROR: <input>:";
  std::string out;
  for (std::string_view line : split(message, '\n')) {
    if (line.starts_with(kHead)) out += (out.empty() ? "" : "; ") + std::string(line.substr(kHead.size()));
  }
  return out.empty() ? message : out;
}

}  // namespace

Result<Condition> Condition::compile(const std::string& text) {
  if (text.size() > kLongest) return Error(ErrorCode::kInvalid, "it is longer than 4096 bytes");
  cel::Environment environment = environment_of_evidence();
  Result<cel::Program> program = cel::Program::compile(environment, text);
  if (!program) return Error(ErrorCode::kInvalid, faults_in(program.error().message));
  std::string type(program->type().text());
  if (type != "bool" && type != "dyn") return Error(ErrorCode::kInvalid, "it comes to " + type + ", and not to bool");
  return Condition(std::move(environment), std::move(*program));
}

std::optional<std::string> Condition::refusal(const Facts& facts) const {
  cel::Activation activation(environment_);
  activation.bind("predicate", facts.predicate);
  activation.bind("subject", facts.subject);
  activation.bind("statement", facts.statement);
  activation.bind("environment", facts.environment);
  cel::Arena memory;
  cel::Value found = program_.evaluate(activation, memory).value;
  std::string text = shortened(program_.text(), 200);
  if (found.is_error()) return text + " errs: " + shortened(found.error_text(), 200);
  if (!found.is_bool()) return text + " comes to no boolean";
  if (!found.as_bool()) return text + " is false";
  return std::nullopt;
}

}  // namespace pawl::model

#include "core/cel/program.h"

#include <algorithm>
#include <array>

#include "core/cel/parser.h"
#include "core/cel/planner.h"
#include "core/cel/text.h"
#include "core/cel/validator.h"

namespace pawl::cel {

struct Program::Compiled {
  std::string text;
  Type type;
  std::unique_ptr<Plan> plan;
  // What the plan points into.
  std::shared_ptr<const Registry> registry;
  std::shared_ptr<const std::vector<Environment::Variable>> variables;
  const TimeZones* zones = nullptr;
};

Result<Program> Program::compile(const Environment& environment, std::string_view expression) {
  return compile(environment, expression, true);
}

Result<Program> Program::compile_unchecked(const Environment& environment, std::string_view expression) {
  return compile(environment, expression, false);
}

Result<Program> Program::compile(const Environment& environment, std::string_view expression, bool checked) {
  Source source(expression);
  std::vector<Fault> faults;
  std::unique_ptr<Ast> ast = parse_expression(source, environment.dialect(), faults);
  if (!faults.empty()) return Error(ErrorCode::kInvalid, source.render(std::move(faults)));
  Checked names = checked ? check_expression(*ast, environment, faults) : resolve_expression(*ast, environment);
  if (!faults.empty()) return Error(ErrorCode::kInvalid, source.render(std::move(faults)));
  auto made = std::make_shared<Compiled>();
  if (checked && environment.dialect() == Dialect::kKubernetes) validate_literals(*ast, names, faults);
  if (!faults.empty()) return Error(ErrorCode::kInvalid, source.render(std::move(faults)));
  made->plan = plan_expression(*ast, names, environment, faults);
  // cel-go gives the first of these, and no place.
  if (!faults.empty()) return Error(ErrorCode::kInvalid, faults[0].message);
  made->text = expression;
  made->type = names.types[ast->root->id];
  made->registry = environment.registry();
  made->variables = environment.shared_variables();
  made->zones = environment.time_zones();
  return Program(std::move(made));
}

const Type& Program::type() const { return compiled_->type; }
const std::string& Program::text() const { return compiled_->text; }

bool Program::reads(std::string_view variable) const {
  const std::vector<Environment::Variable>& variables = *compiled_->variables;
  for (std::size_t i = 0; i < variables.size(); ++i)
    if (variables[i].name == variable) return compiled_->plan->reads[i];
  return false;
}

namespace {

constexpr std::size_t kFewSlots = 12;

Evaluation run(const Plan& plan, Frame& frame) {
  std::fill_n(frame.locals, plan.slots, Value::absent());
  Evaluation done;
  done.value = (*plan.root)(frame);
  done.cost = frame.cost;
  done.over_cost = frame.cost > frame.cost_limit;
  if (done.over_cost)
    done.value = Value::error("operation cancelled: actual cost limit exceeded");
  else if (frame.arena.is_over_limit())
    done.value = Value::error(kTooMuchMemory);
  else if (frame.steps > Frame::kMostSteps)
    done.value = Value::error(kInterrupted);
  return done;
}

}  // namespace

Evaluation Program::evaluate(const Activation& activation, Arena& arena, Limits limits) const {
  const Plan& plan = *compiled_->plan;
  check(activation.size() == compiled_->variables->size(), "an activation of another environment");
  Frame frame{activation.values(), nullptr, nullptr, arena, compiled_->zones, limits.cost};
  if (plan.slots <= kFewSlots) {
    std::array<Value, kFewSlots> locals;
    std::array<void*, kFewSlots> builders;
    frame.locals = locals.data();
    frame.builders = builders.data();
    return run(plan, frame);
  }
  frame.locals = arena.allocate_array<Value>(plan.slots);
  frame.builders = arena.allocate_array<void*>(plan.slots);
  return run(plan, frame);
}

}  // namespace pawl::cel

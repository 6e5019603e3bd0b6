#include "core/cel/lib/declare.h"
#include "core/cel/lib/kubernetes.h"

namespace pawl::cel::lib {

namespace {

Type check_type(const std::string& name) { return Type::opaque("kubernetes.authorization." + name); }

// Nobody can be asked here, so there are no values of these types; expressions that name them compile all the same.
Value unavailable(Call&, Arguments) { return Value::error("authorizer is not available"); }

std::optional<std::uint64_t> cost_of_check(Arguments, const Value&) { return 350'000; }

// A list, and two characters at the least for each of the requirements in it.
std::optional<std::uint64_t> cost_of_selector(Arguments arguments, const Value&) {
  constexpr std::uint64_t kList = 10;
  constexpr std::uint64_t kRequirement = 10 + 40;
  std::uint64_t size = cost_size(arguments[1]);
  return kList + walk_cost(size) + (size + 1) / 2 * kRequirement;
}

}  // namespace

void add_authorizer(Registry& registry) {
  Type authorizer = check_type("Authorizer");
  Type path = check_type("PathCheck");
  Type group = check_type("GroupCheck");
  Type resource = check_type("ResourceCheck");
  Type decision = check_type("Decision");
  auto add = [&](std::string_view name, std::string id, std::vector<Type> arguments, Type result, CostOf cost) {
    registry.add(name, method(std::move(id), std::move(arguments), std::move(result), unavailable));
    registry.set_cost(name, cost);
  };
  add("path", "authorizer_path", {authorizer, string_type()}, path, cost_of_one);
  add("group", "authorizer_group", {authorizer, string_type()}, group, cost_of_one);
  add("serviceAccount", "authorizer_serviceaccount", {authorizer, string_type(), string_type()}, authorizer,
      cost_of_one);
  add("resource", "groupcheck_resource", {group, string_type()}, resource, cost_of_one);
  add("subresource", "resourcecheck_subresource", {resource, string_type()}, resource, cost_of_one);
  add("namespace", "resourcecheck_namespace", {resource, string_type()}, resource, cost_of_one);
  add("name", "resourcecheck_name", {resource, string_type()}, resource, cost_of_one);
  add("fieldSelector", "authorizer_fieldselector", {resource, string_type()}, resource, cost_of_selector);
  add("labelSelector", "authorizer_labelselector", {resource, string_type()}, resource, cost_of_selector);
  add("check", "pathcheck_check", {path, string_type()}, decision, cost_of_check);
  add("check", "resourcecheck_check", {resource, string_type()}, decision, cost_of_check);
  add("errored", "decision_errored", {decision}, bool_type(), cost_of_one);
  add("error", "decision_error", {decision}, string_type(), cost_of_one);
  add("allowed", "decision_allowed", {decision}, bool_type(), cost_of_one);
  add("reason", "decision_reason", {decision}, string_type(), cost_of_one);
}

}  // namespace pawl::cel::lib

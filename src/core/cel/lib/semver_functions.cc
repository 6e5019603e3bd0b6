#include "base/text.h"
#include "core/cel/lib/declare.h"
#include "core/cel/lib/kubernetes.h"
#include "core/cel/lib/semver.h"

namespace pawl::cel::lib {

namespace {

struct SemverValue : Opaque {
  static const OpaqueClass kClass;
  std::uint64_t major;
  std::uint64_t minor;
  std::uint64_t patch;
  std::string_view prerelease;  // joined by dots

  format::Version version() const {
    format::Version out{major, minor, patch, {}};
    if (prerelease.empty()) return out;
    for (std::string_view identifier : split(prerelease, '.')) out.prerelease.emplace_back(identifier);
    return out;
  }
};

Type semver_type() { return Type::opaque("kubernetes.Semver"); }

const SemverValue& semver_in(const Value& value) { return value.as<SemverValue>(); }

Result<format::Version> parse(Arguments arguments) {
  return parse_semver(arguments[0].text(), arguments.size() > 1 && arguments[1].as_bool());
}

Value to_semver(Call& call, Arguments arguments) {
  Result<format::Version> version = parse(arguments);
  if (!version) return fault(call, version.error().message);
  std::string_view prerelease = call.arena.copy(join(version->prerelease, "."));
  return Value::opaque(call.arena.make<SemverValue>(Opaque{&SemverValue::kClass}, version->major, version->minor,
                                                    version->patch, prerelease));
}
Value is_semver(Call&, Arguments arguments) { return Value::boolean(parse(arguments).ok()); }

// Past 63 bits the number turns negative, as in Kubernetes.
Value number_of(std::uint64_t number) { return Value::integer(static_cast<std::int64_t>(number)); }
Value major(Call&, Arguments arguments) { return number_of(semver_in(arguments[0]).major); }
Value minor(Call&, Arguments arguments) { return number_of(semver_in(arguments[0]).minor); }
Value patch(Call&, Arguments arguments) { return number_of(semver_in(arguments[0]).patch); }

std::strong_ordering order(Arguments arguments) {
  return semver_in(arguments[0]).version() <=> semver_in(arguments[1]).version();
}
Value is_greater(Call&, Arguments arguments) { return Value::boolean(order(arguments) > 0); }
Value is_less(Call&, Arguments arguments) { return Value::boolean(order(arguments) < 0); }
Value compare_to(Call&, Arguments arguments) {
  std::strong_ordering found = order(arguments);
  return Value::integer(std::int64_t{found < 0 ? -1 : found > 0 ? 1 : 0});
}

const OpaqueClass SemverValue::kClass = {"kubernetes.Semver", [](const Opaque& a, const Opaque& b) {
                                           return static_cast<const SemverValue&>(a).version() ==
                                                  static_cast<const SemverValue&>(b).version();
                                         }};

}  // namespace

void add_semver(Registry& registry) {
  Type type = semver_type();
  registry.add("semver", function("string_to_semver", {string_type()}, type, to_semver));
  registry.add("semver", function("string_bool_to_semver", {string_type(), bool_type()}, type, to_semver));
  registry.add("isSemver", function("is_semver_string", {string_type()}, bool_type(), is_semver));
  registry.add("isSemver", function("is_semver_string_bool", {string_type(), bool_type()}, bool_type(), is_semver));
  registry.add("isGreaterThan", method("semver_is_greater_than", {type, type}, bool_type(), is_greater));
  registry.add("isLessThan", method("semver_is_less_than", {type, type}, bool_type(), is_less));
  registry.add("compareTo", method("semver_compare_to", {type, type}, int_type(), compare_to));
  registry.add("major", method("semver_major", {type}, int_type(), major));
  registry.add("minor", method("semver_minor", {type}, int_type(), minor));
  registry.add("patch", method("semver_patch", {type}, int_type(), patch));
  registry.set_cost("semver", cost_of_walk);
  registry.set_cost("isSemver", cost_of_walk);
  for (std::string_view name : {"isGreaterThan", "isLessThan", "compareTo", "major", "minor", "patch"})
    registry.set_cost(name, cost_of_one);
}

}  // namespace pawl::cel::lib

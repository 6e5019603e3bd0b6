#include <cmath>

#include "core/cel/lib/declare.h"
#include "core/cel/lib/kubernetes.h"
#include "core/cel/lib/named_format.h"

namespace pawl::cel::lib {

namespace {

struct FormatValue : Opaque {
  static const OpaqueClass kClass;
  const NamedFormat* format;
};

Type format_type() { return Type::opaque("kubernetes.NamedFormat"); }

Value value_of(Call& call, const NamedFormat& format) {
  return Value::opaque(call.arena.make<FormatValue>(Opaque{&FormatValue::kClass}, &format));
}

Value named(Call& call, Arguments arguments) {
  const NamedFormat* format = find_named_format(arguments[0].text());
  return format == nullptr ? Value::none() : Value::optional(call.arena, value_of(call, *format));
}

Value validate(Call& call, Arguments arguments) {
  std::vector<std::string> faults = arguments[0].as<FormatValue>().format->validate(arguments[1].text());
  return faults.empty() ? Value::none() : Value::optional(call.arena, list_of(call, faults));
}

// One function without arguments for each format; a plain function pointer can only tell them apart by its template.
template <std::size_t kIndex>
Value constant(Call& call, Arguments) {
  return value_of(call, named_formats()[kIndex]);
}

template <std::size_t... kIndices>
void add_constants(Registry& registry, std::index_sequence<kIndices...>) {
  auto add = [&](const NamedFormat& format, Implementation run) {
    std::string name = "format." + std::string(format.function);
    registry.add(name, function(name, {}, format_type(), run));
  };
  (add(named_formats()[kIndices], constant<kIndices>), ...);
}

// As a regular expression of the format's length would cost.
std::optional<std::uint64_t> cost_of_validate(Arguments arguments, const Value&) {
  if (!arguments[0].is_opaque(FormatValue::kClass)) return std::nullopt;
  auto size = static_cast<double>(arguments[0].as<FormatValue>().format->regex_size);
  return walk_cost(1 + cost_size(arguments[1])) * static_cast<std::uint64_t>(std::ceil(size * 0.25));
}

const OpaqueClass FormatValue::kClass = {"kubernetes.NamedFormat", [](const Opaque& a, const Opaque& b) {
                                           return static_cast<const FormatValue&>(a).format ==
                                                  static_cast<const FormatValue&>(b).format;
                                         }};

}  // namespace

void add_formats(Registry& registry) {
  constexpr std::size_t kFormats = 13;
  check(named_formats().size() == kFormats, "every named format has its function");
  add_constants(registry, std::make_index_sequence<kFormats>());
  registry.add("format.named", function("format-named", {string_type()}, Type::optional(format_type()), named));
  registry.add("validate", method("format-validate", {format_type(), string_type()},
                                  Type::optional(Type::list(string_type())), validate));
  registry.set_cost("format.named", cost_of_one);
  registry.set_cost("validate", cost_of_validate);
}

}  // namespace pawl::cel::lib

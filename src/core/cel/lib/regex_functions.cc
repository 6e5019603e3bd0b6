#include <cmath>

#include "base/utf8.h"
#include "core/cel/lib/declare.h"
#include "core/cel/lib/go_regex.h"
#include "core/cel/lib/kubernetes.h"

namespace pawl::cel::lib {

namespace {

std::shared_ptr<const void> prepare(const Value& constant) {
  Result<GoRegex> regex = GoRegex::compile(constant.text());
  if (!regex) return nullptr;
  return std::make_shared<const GoRegex>(*regex);
}

Result<GoRegex> regex_of(const Call& call, Arguments arguments) {
  if (call.prepared != nullptr) return *static_cast<const GoRegex*>(call.prepared);
  return GoRegex::compile(arguments[1].text());
}

Value illegal(Call& call, const Error& error) { return fault(call, "Illegal regex: " + error.message); }

Value find(Call& call, Arguments arguments) {
  Result<GoRegex> regex = regex_of(call, arguments);
  if (!regex) return illegal(call, regex.error());
  std::string_view text = arguments[0].text();
  std::optional<GoRegex::Match> match = regex->find(text);
  return Value::string(match ? text.substr(match->begin, match->end - match->begin) : std::string_view());
}

// regexp.FindAllString: an empty match right behind the one before does not count.
std::vector<Value> all_matches(const GoRegex& regex, std::string_view text, std::int64_t most) {
  std::vector<Value> out;
  std::optional<std::size_t> last_end;
  std::size_t at = 0;
  while (at <= text.size() && (most < 0 || static_cast<std::int64_t>(out.size()) < most)) {
    std::optional<GoRegex::Match> match = regex.find(text, at);
    if (!match) break;
    bool empty_here = match->end == at;
    bool counts = !(empty_here && last_end == match->begin);
    if (!empty_here)
      at = match->end;
    else
      at += at < text.size() ? decode_utf8(text.substr(at)).size : 1;
    last_end = match->end;
    if (counts) out.push_back(Value::string(text.substr(match->begin, match->end - match->begin)));
  }
  return out;
}

Value find_all(Call& call, Arguments arguments) {
  Result<GoRegex> regex = regex_of(call, arguments);
  if (!regex) return illegal(call, regex.error());
  std::int64_t most = arguments.size() > 2 ? arguments[2].as_int() : -1;
  return list_of(call, all_matches(*regex, arguments[0].text(), most));
}

std::optional<std::uint64_t> cost_of_find(Arguments arguments, const Value&) {
  constexpr double kPerPatternCharacter = 0.25;
  double pattern = static_cast<double>(cost_size(arguments[1])) * kPerPatternCharacter;
  return walk_cost(1 + cost_size(arguments[0])) * static_cast<std::uint64_t>(std::ceil(pattern));
}

}  // namespace

void add_regex(Registry& registry) {
  auto add = [&](std::string_view name, Overload overload) {
    overload.prepared_argument = 1;
    overload.prepare = prepare;
    registry.add(name, std::move(overload));
    registry.set_cost(name, cost_of_find);
  };
  add("find", method("string_find_string", {string_type(), string_type()}, string_type(), find));
  add("findAll", method("string_find_all_string", {string_type(), string_type()}, Type::list(string_type()), find_all));
  add("findAll", method("string_find_all_string_int", {string_type(), string_type(), int_type()},
                        Type::list(string_type()), find_all));
}

}  // namespace pawl::cel::lib

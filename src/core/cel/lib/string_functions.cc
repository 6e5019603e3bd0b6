#include <algorithm>

#include "base/utf8.h"
#include "core/cel/lib/declare.h"
#include "core/cel/lib/extensions.h"
#include "core/cel/lib/go_text.h"
#include "core/cel/lib/kubernetes.h"
#include "core/cel/lib/text_format.h"
#include "core/cel/text.h"

namespace pawl::cel::lib {

namespace {

using Runes = std::vector<char32_t>;

Value out_of_range(Call& call, std::int64_t index) {
  return fault(call, "index out of range: " + std::to_string(index));
}

Value runes_text(Call& call, const Runes& runes, std::int64_t begin, std::int64_t end) {
  return text_of(call, from_runes(runes.data() + begin, runes.data() + end));
}

std::int64_t length(const Runes& runes) { return static_cast<std::int64_t>(runes.size()); }

Value char_at(Call& call, Arguments arguments) {
  Runes runes = go_runes(arguments[0].text());
  std::int64_t index = arguments[1].as_int();
  if (index < 0 || index > length(runes)) return out_of_range(call, index);
  return runes_text(call, runes, index, std::min(index + 1, length(runes)));
}

Value substring(Call& call, Arguments arguments) {
  Runes runes = go_runes(arguments[0].text());
  std::int64_t begin = arguments[1].as_int();
  std::int64_t end = arguments.size() > 2 ? arguments[2].as_int() : length(runes);
  if (arguments.size() > 2 && begin > end)
    return fault(call, "invalid substring range. start: " + std::to_string(begin) + ", end: " + std::to_string(end));
  if (begin < 0 || begin > length(runes)) return out_of_range(call, begin);
  if (end < 0 || end > length(runes)) return out_of_range(call, end);
  return runes_text(call, runes, begin, end);
}

// std::search in linear time, however the texts repeat themselves: Knuth, Morris and Pratt's way for long parts.
template <class Text, class Part>
Text find_part(Text begin, Text end, Part part_begin, Part part_end) {
  constexpr std::ptrdiff_t kShort = 32;
  std::ptrdiff_t length = part_end - part_begin;
  if (length <= kShort || end - begin < length) return std::search(begin, end, part_begin, part_end);
  std::vector<std::ptrdiff_t> border(static_cast<std::size_t>(length) + 1, -1);  // of each beginning of the part
  auto extend = [&](std::ptrdiff_t matched, auto next) {
    while (matched >= 0 && part_begin[matched] != next) matched = border[static_cast<std::size_t>(matched)];
    return matched + 1;
  };
  border[1] = 0;
  for (std::ptrdiff_t i = 1; i < length; ++i)
    border[static_cast<std::size_t>(i) + 1] = extend(border[static_cast<std::size_t>(i)], part_begin[i]);
  std::ptrdiff_t matched = 0;
  for (Text at = begin; at != end; ++at) {
    matched = extend(matched, *at);
    if (matched == length) return at - (length - 1);
  }
  return end;
}

std::size_t find_text(std::string_view text, std::string_view part) {
  auto found = find_part(text.begin(), text.end(), part.begin(), part.end());
  return found == text.end() && !part.empty() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

// An offset behind the end is an error of cel-spec, whereas cel-go, and so Kubernetes, finds nothing there.
template <StringsVersion kVersion>
bool is_refused(const Runes& whole, std::int64_t offset) {
  return offset < 0 || (kVersion == StringsVersion::kFourth && offset > length(whole));
}

template <StringsVersion kVersion>
Value index_of(Call& call, Arguments arguments) {
  std::int64_t from = arguments.size() > 2 ? arguments[2].as_int() : 0;
  if (arguments[1].text().empty()) return Value::integer(from);
  Runes whole = go_runes(arguments[0].text());
  Runes part = go_runes(arguments[1].text());
  if (is_refused<kVersion>(whole, from)) return out_of_range(call, from);
  if (from >= length(whole)) return Value::integer(std::int64_t{-1});
  auto found = find_part(whole.begin() + from, whole.end(), part.begin(), part.end());
  return Value::integer(found == whole.end() ? std::int64_t{-1} : std::int64_t{found - whole.begin()});
}

template <StringsVersion kVersion>
Value last_index_of(Call& call, Arguments arguments) {
  Runes whole = go_runes(arguments[0].text());
  Runes part = go_runes(arguments[1].text());
  bool bounded = arguments.size() > 2;
  if (part.empty()) return Value::integer(bounded ? arguments[2].as_int() : length(whole));
  if (!bounded && arguments[0].text().size() < arguments[1].text().size()) return Value::integer(std::int64_t{-1});
  std::int64_t from = bounded ? arguments[2].as_int() : length(whole) - 1;
  if (is_refused<kVersion>(whole, from)) return out_of_range(call, from);
  if (from >= length(whole)) return Value::integer(std::int64_t{-1});
  // From behind: the first place at which the part, read backwards, begins no later than it may end.
  std::int64_t end = std::min(from + length(part), length(whole));
  auto found = find_part(whole.rend() - end, whole.rend(), part.rbegin(), part.rend());
  return Value::integer(found == whole.rend() ? std::int64_t{-1} : (whole.rend() - found) - length(part));
}

template <char kFirst, char kLast, int kShift>
Value shifted(Call& call, Arguments arguments) {
  std::string out = valid_text(arguments[0].text());
  for (char& c : out) c = c >= kFirst && c <= kLast ? static_cast<char>(c + kShift) : c;
  return text_of(call, out);
}

std::size_t next_size(std::string_view text) { return text.empty() ? 0 : decode_utf8(text).size; }

// strings.Replace: an empty `old` stands before every character and at the end.
Value replace(Call& call, Arguments arguments) {
  std::string_view text = arguments[0].text();
  std::string_view old = arguments[1].text();
  std::string_view now = arguments[2].text();
  std::int64_t left = arguments.size() > 3 ? arguments[3].as_int() : -1;
  std::string out;
  bool first = true;
  for (; left != 0; --left) {
    if (!call.arena.has_room(out.size() + now.size())) return Value::error(kTooMuchMemory);
    std::size_t at = old.empty() ? (first ? 0 : next_size(text)) : find_text(text, old);
    if (at == std::string_view::npos || (old.empty() && !first && text.empty())) break;
    out.append(text.substr(0, at)).append(now);
    text.remove_prefix(at + old.size());
    first = false;
  }
  return text_of(call, out.append(text));
}

// strings.SplitN: an empty separator parts the characters.
std::vector<Value> split_text(std::string_view text, std::string_view separator, std::int64_t most) {
  std::vector<Value> out;
  if (most == 0 || (separator.empty() && text.empty())) return out;
  while (most < 0 || static_cast<std::int64_t>(out.size()) + 1 < most) {
    std::size_t at = separator.empty() ? next_size(text) : find_text(text, separator);
    if (at == std::string_view::npos || (separator.empty() && at == text.size())) break;
    out.push_back(Value::string(text.substr(0, at)));
    text.remove_prefix(at + separator.size());
  }
  out.push_back(Value::string(text));
  return out;
}

Value split(Call& call, Arguments arguments) {
  std::int64_t most = arguments.size() > 2 ? arguments[2].as_int() : -1;
  return list_of(call, split_text(arguments[0].text(), arguments[1].text(), most));
}

Value trim(Call&, Arguments arguments) { return Value::string(go_trim_space(arguments[0].text())); }

Value reverse(Call& call, Arguments arguments) {
  Runes runes = go_runes(arguments[0].text());
  std::reverse(runes.begin(), runes.end());
  return runes_text(call, runes, 0, length(runes));
}

Value join(Call& call, Arguments arguments) {
  std::string_view separator = arguments.size() > 1 ? arguments[1].text() : std::string_view();
  std::string out;
  for (std::size_t i = 0; i < arguments[0].size(); ++i) {
    Value item = arguments[0].item(i);
    if (!item.is_string()) return fault(call, "join: invalid input: " + display(item));
    if (!call.arena.has_room(out.size() + separator.size() + item.text().size())) return Value::error(kTooMuchMemory);
    out.append(i > 0 ? separator : std::string_view()).append(item.text());
  }
  return text_of(call, out);
}

Value quote(Call& call, Arguments arguments) {
  std::string out = "\"";
  for (char c : valid_text(arguments[0].text())) {
    constexpr std::string_view kEscaped = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view kLetters = "abfnrtv\\\"";
    std::size_t found = kEscaped.find(c);
    if (found != std::string_view::npos) out.push_back('\\');
    out.push_back(found != std::string_view::npos ? kLetters[found] : c);
  }
  return text_of(call, out + "\"");
}

template <StringsVersion kVersion>
Value format(Call& call, Arguments arguments) {
  constexpr std::size_t kStep = std::size_t{1} << 20;
  std::size_t most = kStep;
  while (most < (std::size_t{1} << 32) && call.arena.has_room(2 * most)) most *= 2;
  Result<std::string> text = format_text(arguments[0].text(), arguments[1], kVersion, most);
  return text ? text_of(call, *text) : fault(call, text.error().message);
}

template <StringsVersion kVersion>
void add_searching(Registry& registry) {
  Type text = string_type();
  Type number = int_type();
  registry.add("charAt", method("string_char_at_int", {text, number}, text, char_at));
  registry.add("indexOf", method("string_index_of_string", {text, text}, number, index_of<kVersion>));
  registry.add("indexOf", method("string_index_of_string_int", {text, text, number}, number, index_of<kVersion>));
  registry.add("lastIndexOf", method("string_last_index_of_string", {text, text}, number, last_index_of<kVersion>));
  registry.add("lastIndexOf",
               method("string_last_index_of_string_int", {text, text, number}, number, last_index_of<kVersion>));
  registry.add("substring", method("string_substring_int", {text, number}, text, substring));
  registry.add("substring", method("string_substring_int_int", {text, number, number}, text, substring));
}

void add_changing(Registry& registry) {
  Type text = string_type();
  Type number = int_type();
  registry.add("lowerAscii", method("string_lower_ascii", {text}, text, shifted<'A', 'Z', 32>));
  registry.add("upperAscii", method("string_upper_ascii", {text}, text, shifted<'a', 'z', -32>));
  registry.add("replace", method("string_replace_string_string", {text, text, text}, text, replace));
  registry.add("replace", method("string_replace_string_string_int", {text, text, text, number}, text, replace));
  registry.add("trim", method("string_trim", {text}, text, trim));
  Overload quoting = function("strings_quote", {text}, text, quote);
  quoting.cost = cost_of_walk;
  registry.add("strings.quote", std::move(quoting));
}

void add_lists_of_text(Registry& registry) {
  Type text = string_type();
  Type texts = Type::list(string_type());
  registry.add("split", method("string_split_string", {text, text}, texts, split));
  registry.add("split", method("string_split_string_int", {text, text, int_type()}, texts, split));
  registry.add("join", method("list_join", {texts}, text, join));
  registry.add("join", method("list_join_string", {texts, text}, text, join));
}

template <StringsVersion kVersion>
void add_all(Registry& registry) {
  add_searching<kVersion>(registry);
  add_changing(registry);
  add_lists_of_text(registry);
  Overload formatting =
      method("string_format", {string_type(), Type::list(Type::dyn())}, string_type(), format<kVersion>);
  formatting.cost = cost_of_walk;
  registry.add("format", std::move(formatting));
  if (kVersion == StringsVersion::kFourth)
    registry.add("reverse", method("string_reverse", {string_type()}, string_type(), reverse));
}

std::optional<std::uint64_t> cost_of_two_walks(Arguments arguments, const Value&) {
  return walk_cost(cost_size(arguments[0]), 2);
}
std::optional<std::uint64_t> cost_of_join(Arguments, const Value& result) { return walk_cost(cost_size(result), 2); }

}  // namespace

void add_strings(Registry& registry, StringsVersion version) {
  if (version == StringsVersion::kFourth)
    add_all<StringsVersion::kFourth>(registry);
  else
    add_all<StringsVersion::kSecond>(registry);
}

void add_string_costs(Registry& registry) {
  for (std::string_view name : {"lowerAscii", "upperAscii", "substring", "trim"}) registry.set_cost(name, cost_of_walk);
  registry.set_cost("replace", cost_of_two_walks);
  registry.set_cost("split", cost_of_two_walks);
  registry.set_cost("join", cost_of_join);
}

}  // namespace pawl::cel::lib

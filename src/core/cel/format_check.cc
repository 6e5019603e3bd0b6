#include "core/cel/format_check.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace pawl::cel {

namespace {

using Kind = Type::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Clause {
  std::string_view letters;
  std::string_view problem;
  std::vector<Kind> kinds;
};

const Clause* clause_of(char letter) {
  static const std::array<Clause, 6> kClauses = {
      {{"d", "decimal clause can only be used on integers, was given ", {Kind::kInt, Kind::kUint}},
       {"f", "fixed-point clause can only be used on doubles, was given ", {Kind::kDouble, Kind::kString}},
       {"e", "scientific clause can only be used on doubles, was given ", {Kind::kDouble, Kind::kString}},
       {"b", "only integers and bools can be formatted as binary, was given ", {Kind::kInt, Kind::kUint, Kind::kBool}},
       {"xX",
        "only integers, byte buffers, and strings can be formatted as hex, was given ",
        {Kind::kInt, Kind::kUint, Kind::kString, Kind::kBytes}},
       {"o", "octal clause can only be used on integers, was given ", {Kind::kInt, Kind::kUint}}}};
  for (const Clause& clause : kClauses)
    if (clause.letters.find(letter) != std::string_view::npos) return &clause;
  return nullptr;
}

bool is_shown_as_text(Kind kind) {
  return kind != Kind::kOptional && kind != Kind::kOpaque && kind != Kind::kRecord && kind != Kind::kParameter;
}

class Formatting {
 public:
  Formatting(std::string_view format, const Expr& arguments, const Checked& checked)
      : rest_(format), arguments_(arguments), checked_(checked) {}

  // What is wrong, at which argument; at null: with the call.
  struct Problem {
    const Expr* at = nullptr;
    std::string message;
  };
  std::optional<Problem> run() {
    while (!rest_.empty()) {
      if (!rest_.starts_with('%')) {
        rest_.remove_prefix(1);
      } else if (rest_.starts_with("%%")) {
        rest_.remove_prefix(2);
      } else {
        rest_.remove_prefix(1);
        if (std::optional<Problem> problem = clause()) return problem;
      }
    }
    return std::nullopt;
  }
  std::size_t used() const { return used_; }

 private:
  std::optional<Problem> clause() {
    if (rest_.empty()) return Problem{nullptr, "unexpected end of string"};
    std::size_t index = used_++;
    if (index >= arguments_.parts.size()) return Problem{nullptr, "index " + std::to_string(index) + " out of range"};
    if (rest_.starts_with('.')) {
      std::size_t end = 1;
      while (end < rest_.size() && is_digit(rest_[end])) ++end;
      if (end == rest_.size())
        return unparsed("error while parsing precision: could not find end of precision specifier");
      if (end == 1)
        return unparsed(
            "error while parsing precision: error while converting precision to integer: "
            "strconv.Atoi: parsing \"\": invalid syntax");
      rest_.remove_prefix(end);
    }
    char letter = rest_[0];
    rest_.remove_prefix(1);
    const Expr& argument = *arguments_.parts[index];
    if (letter == 's') return text(argument);
    const Clause* known = clause_of(letter);
    if (known == nullptr) return unparsed("unrecognized formatting clause \"" + std::string(1, letter) + "\"");
    const Type& type = checked_.types[argument.id];
    bool fits = type.kind() == Kind::kDyn ||
                std::find(known->kinds.begin(), known->kinds.end(), type.kind()) != known->kinds.end();
    if (fits) return std::nullopt;
    return misfit(argument, known->problem);
  }

  static Problem unparsed(std::string message) { return {nullptr, "could not parse formatting clause: " + message}; }

  Problem misfit(const Expr& argument, std::string_view problem) const {
    return {&argument, "error during formatting: " + std::string(problem) +
                           std::string(checked_.types[argument.id].runtime_name())};
  }

  std::optional<Problem> text(const Expr& argument) const {
    if (!is_shown_as_text(checked_.types[argument.id].kind()))
      return misfit(argument,
                    "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, "
                    "durations, and timestamps, was given ");
    if (argument.kind != Expr::Kind::kList && argument.kind != Expr::Kind::kMap) return std::nullopt;
    for (const Expr* part : argument.parts)
      if (std::optional<Problem> problem = text(*part)) return problem;
    return std::nullopt;
  }

  std::string_view rest_;
  const Expr& arguments_;
  const Checked& checked_;
  std::size_t used_ = 0;
};

}  // namespace

void check_format(const Expr& call, const Checked& checked, std::vector<Fault>& faults) {
  bool applies = call.name == "format" && call.receiver && call.parts.size() == 2 &&
                 call.parts[0]->kind == Expr::Kind::kLiteral && call.parts[0]->literal.is_string() &&
                 call.parts[1]->kind == Expr::Kind::kList;
  if (!applies) return;
  const Expr& arguments = *call.parts[1];
  Formatting formatting(call.parts[0]->literal.text(), arguments, checked);
  if (std::optional<Formatting::Problem> problem = formatting.run()) {
    faults.push_back({problem->at != nullptr ? problem->at->at : call.at, std::move(problem->message)});
    return;
  }
  if (arguments.parts.size() > formatting.used())
    faults.push_back({call.at, "too many arguments supplied to string.format (expected " +
                                   std::to_string(formatting.used()) + ", got " +
                                   std::to_string(arguments.parts.size()) + ")"});
}

}  // namespace pawl::cel

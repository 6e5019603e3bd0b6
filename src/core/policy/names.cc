#include "core/policy/names.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pawl::policy {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

// What [a-z0-9]([-a-z0-9]*[a-z0-9])? matches.
bool is_label(std::string_view text) {
  auto edge = [](char c) { return is_lower(c) || is_digit(c); };
  return !text.empty() && edge(text.front()) && edge(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return edge(c) || c == '-'; });
}

// What ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9] matches.
bool is_name_part(std::string_view text) {
  auto edge = [](char c) { return is_letter(c) || is_digit(c); };
  return !text.empty() && edge(text.front()) && edge(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return edge(c) || c == '-' || c == '_' || c == '.'; });
}

std::string too_long(std::size_t most) { return "must be no more than " + std::to_string(most) + " bytes"; }

constexpr std::string_view kNamePart =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

}  // namespace

std::vector<std::string> faults_of_subdomain(std::string_view name) {
  std::vector<std::string> faults;
  if (name.size() > 253) faults.push_back(too_long(253));
  if (!std::ranges::all_of(split(name, '.'), is_label))
    faults.push_back(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
  return faults;
}

std::vector<std::string> faults_of_dns_label(std::string_view name) {
  std::vector<std::string> faults;
  if (name.size() > 63) faults.push_back(too_long(63));
  if (!is_label(name) || !is_lower(name.front()))
    faults.push_back(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
        "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation "
        "is '[a-z]([-a-z0-9]*[a-z0-9])?')");
  return faults;
}

std::vector<std::string> faults_of_qualified_name(std::string_view name) {
  std::vector<std::string> faults;
  std::vector<std::string_view> parts = split(name, '/');
  if (parts.size() > 2)
    return {"a qualified name " + std::string(kNamePart) +
            " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
  if (parts.size() == 2 && parts[0].empty()) faults.emplace_back("prefix part must be non-empty");
  if (parts.size() == 2 && !parts[0].empty())
    for (const std::string& fault : faults_of_subdomain(parts[0])) faults.push_back("prefix part " + fault);
  std::string_view last = parts.back();
  if (last.empty()) faults.emplace_back("name part must be non-empty");
  if (last.size() > 63) faults.push_back("name part " + too_long(63));
  if (!is_name_part(last)) faults.push_back("name part " + std::string(kNamePart));
  return faults;
}

std::vector<std::string> faults_of_label_value(std::string_view value) {
  std::vector<std::string> faults;
  if (value.size() > 63) faults.push_back(too_long(63));
  if (!value.empty() && !is_name_part(value))
    faults.push_back(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
        "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
        "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
  return faults;
}

std::vector<std::string> faults_of_path_segment(std::string_view name) {
  if (name == "." || name == "..") return {"may not be '" + std::string(name) + "'"};
  std::vector<std::string> faults;
  for (char c : {'/', '%'})
    if (name.find(c) != std::string_view::npos) faults.push_back("may not contain '" + std::string(1, c) + "'");
  return faults;
}

bool is_identifier(std::string_view name) {
  constexpr std::array kReserved = std::to_array<std::string_view>(
      {"true", "false",  "null", "in",   "as",      "break",     "const",  "continue", "else", "for",  "function",
       "if",   "import", "let",  "loop", "package", "namespace", "return", "var",      "void", "while"});
  auto starts = [](char c) { return is_letter(c) || c == '_'; };
  return !name.empty() && starts(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return starts(c) || is_digit(c); }) &&
         std::ranges::find(kReserved, name) == kReserved.end();
}

}  // namespace pawl::policy

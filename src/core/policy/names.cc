#include "core/policy/names.h"

#include <algorithm>

#include "base/check.h"
#include "core/cel/lib/named_format.h"
#include "core/cel/parser.h"

namespace pawl::policy {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// An apiserver checks its own fields by the formats that it gives to expressions.
std::vector<std::string> faults_by(std::string_view format, std::string_view text) {
  const cel::lib::NamedFormat* found = cel::lib::find_named_format(format);
  check(found != nullptr, "a format that expressions know");
  return found->validate(text);
}

}  // namespace

std::vector<std::string> faults_of_subdomain(std::string_view name) { return faults_by("dns1123Subdomain", name); }
std::vector<std::string> faults_of_dns_label(std::string_view name) { return faults_by("dns1035Label", name); }
std::vector<std::string> faults_of_qualified_name(std::string_view name) { return faults_by("qualifiedName", name); }
std::vector<std::string> faults_of_label_value(std::string_view value) { return faults_by("labelValue", value); }

std::vector<std::string> faults_of_path_segment(std::string_view name) {
  if (name == "." || name == "..") return {"may not be '" + std::string(name) + "'"};
  std::vector<std::string> faults;
  for (char c : {'/', '%'})
    if (name.find(c) != std::string_view::npos) faults.push_back("may not contain '" + std::string(1, c) + "'");
  return faults;
}

bool is_identifier(std::string_view name) {
  auto starts = [](char c) { return is_letter(c) || c == '_'; };
  return !name.empty() && starts(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return starts(c) || is_digit(c); }) && !cel::is_reserved(name);
}

}  // namespace pawl::policy

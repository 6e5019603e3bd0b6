#include "core/cel/lib/named_format.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "core/cel/lib/url.h"

namespace pawl::cel::lib {

namespace {

using Faults = std::vector<std::string>;

// The patterns stand in the messages, so they are written here although nothing is matched with them.
constexpr std::string_view kLabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
constexpr std::string_view kSubdomainPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
constexpr std::string_view kOldLabelPattern = "[a-z]([-a-z0-9]*[a-z0-9])?";
constexpr std::string_view kNamePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
constexpr std::string_view kValuePattern = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alphanumeric(char c) { return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_lower_or_digit(char c) { return is_lower(c) || is_digit(c); }

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

bool is_label(std::string_view text) {
  return !text.empty() && is_lower_or_digit(text.front()) && is_lower_or_digit(text.back()) &&
         all(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  std::vector<std::string_view> labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

bool is_name(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         all(text, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

std::string too_long(std::size_t length) { return "must be no more than " + std::to_string(length) + " characters"; }

std::string mismatch(std::string text, std::string_view pattern, std::initializer_list<std::string_view> examples) {
  text += " (e.g. ";
  bool first = true;
  for (std::string_view example : examples) {
    if (!first) text += " or ";
    first = false;
    text.append("'").append(example).append("', ");
  }
  return text.append("regex used for validation is '").append(pattern).append("')");
}

Faults label_faults(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  Faults out;
  if (text.size() > kLongest) out.push_back(too_long(kLongest));
  if (is_label(text)) return out;
  if (is_subdomain(text))
    out.emplace_back("must not contain dots");
  else
    out.push_back(
        mismatch("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
                 "must start and end with an alphanumeric character",
                 kLabelPattern, {"my-name", "123-abc"}));
  return out;
}

Faults subdomain_faults(std::string_view text) {
  constexpr std::size_t kLongest = 253;
  Faults out;
  if (text.size() > kLongest) out.push_back(too_long(kLongest));
  if (!is_subdomain(text))
    out.push_back(
        mismatch("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
                 "'.', and must start and end with an alphanumeric character",
                 kSubdomainPattern, {"example.com"}));
  return out;
}

Faults old_label_faults(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  Faults out;
  if (text.size() > kLongest) out.push_back(too_long(kLongest));
  if (!is_label(text) || !is_lower(text.front()))
    out.push_back(
        mismatch("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                 "alphabetic character, and end with an alphanumeric character",
                 kOldLabelPattern, {"my-name", "abc-123"}));
  return out;
}

std::string name_mismatch(std::string_view what) {
  return mismatch(std::string(what) +
                      " must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                      "alphanumeric character",
                  kNamePattern, {"MyName", "my.name", "123-abc"});
}

Faults qualified_name_faults(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  Faults out;
  std::vector<std::string_view> parts = split(text, '/');
  if (parts.size() > 2) {
    out.push_back(name_mismatch("a qualified name") +
                  " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    return out;
  }
  if (parts.size() == 2) {
    if (parts[0].empty()) out.emplace_back("prefix part must be non-empty");
    for (const std::string& fault : parts[0].empty() ? Faults() : subdomain_faults(parts[0]))
      out.push_back("prefix part " + fault);
  }
  std::string_view name = parts.back();
  if (name.empty()) out.emplace_back("name part must be non-empty");
  if (name.size() > kLongest) out.push_back("name part " + too_long(kLongest));
  if (!is_name(name)) out.push_back(name_mismatch("name part"));
  return out;
}

Faults label_value_faults(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  Faults out;
  if (text.size() > kLongest) out.push_back(too_long(kLongest));
  if (!text.empty() && !is_name(text))
    out.push_back(
        mismatch("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
                 "'.', and must start and end with an alphanumeric character",
                 kValuePattern, {"MyValue", "my_value", "12345"}));
  return out;
}

// A prefix may end in a dash. Kubernetes takes away the character before the dash, too.
std::string without_trailing_dash(std::string_view text) {
  if (text.size() < 2 || !text.ends_with('-')) return std::string(text);
  return std::string(text.substr(0, text.size() - 2)) + "a";
}

Faults label_prefix_faults(std::string_view text) { return label_faults(without_trailing_dash(text)); }
Faults subdomain_prefix_faults(std::string_view text) { return subdomain_faults(without_trailing_dash(text)); }
Faults old_label_prefix_faults(std::string_view text) { return old_label_faults(without_trailing_dash(text)); }

Faults uri_faults(std::string_view text) {
  std::optional<std::string> fault = request_uri_fault(text);
  return fault ? Faults{*fault} : Faults();
}

// 8-4-4-4-12 hexadecimal digits; each dash may be missing.
bool is_uuid(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t length : std::initializer_list<std::size_t>{8, 4, 4, 4, 12}) {
    if (at > 0 && at < text.size() && text[at] == '-') ++at;
    if (text.size() < at + length) return false;
    auto hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    if (!all(text.substr(at, length), hex)) return false;
    at += length;
  }
  return at == text.size();
}

bool is_base64(std::string_view text) {
  std::size_t body = text.size();
  while (body > 0 && body + 2 > text.size() && text[body - 1] == '=') --body;
  return !text.empty() && text.size() % 4 == 0 &&
         all(text.substr(0, body), [](char c) { return is_alphanumeric(c) || c == '+' || c == '/'; });
}

int number(std::string_view digits) {
  int out = 0;
  for (char c : digits) out = out * 10 + (c - '0');
  return out;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 4 && i != 7 && !is_digit(text[i])) return false;
  }
  std::chrono::year_month_day date(std::chrono::year(number(text.substr(0, 4))),
                                   std::chrono::month(static_cast<unsigned>(number(text.substr(5, 2)))),
                                   std::chrono::day(static_cast<unsigned>(number(text.substr(8, 2)))));
  return date.ok();
}

bool are_two_digits(std::string_view text) { return text.size() == 2 && is_digit(text[0]) && is_digit(text[1]); }

bool is_offset(std::string_view text) {
  if (text == "z") return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && are_two_digits(text.substr(1, 2)) &&
         text[3] == ':' && are_two_digits(text.substr(4));
}

// One character of any kind, and digits: the pattern of kube-openapi does not escape the point.
std::string_view without_fraction(std::string_view text) {
  if (text.empty() || text[0] == '\n') return text;
  std::size_t digits = decode_utf8(text).size;
  std::size_t end = std::min(text.find_first_not_of("0123456789", digits), text.size());
  return end > digits ? text.substr(end) : text;
}

bool is_time(std::string_view text) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return false;
  for (std::size_t at : std::initializer_list<std::size_t>{0, 3, 6}) {
    if (!are_two_digits(text.substr(at, 2))) return false;
  }
  std::string_view rest = text.substr(8);
  bool offset = is_offset(rest) || is_offset(without_fraction(rest));
  return offset && text.substr(0, 2) <= "23" && text.substr(3, 2) <= "59" && text.substr(6, 2) <= "59";
}

bool is_date_time(std::string_view text) {
  std::string lower = to_lower(text);
  std::vector<std::string_view> parts = split(lower, 't');
  return parts.size() >= 2 && is_date(parts[0]) && is_time(parts[1]);
}

template <bool (*kIs)(std::string_view)>
Faults faults_unless(std::string_view text, const char* fault) {
  return kIs(text) ? Faults() : Faults{fault};
}
Faults uuid_faults(std::string_view text) { return faults_unless<is_uuid>(text, "does not match the UUID format"); }
Faults byte_faults(std::string_view text) { return faults_unless<is_base64>(text, "invalid base64"); }
Faults date_faults(std::string_view text) { return faults_unless<is_date>(text, "invalid date"); }
Faults date_time_faults(std::string_view text) { return faults_unless<is_date_time>(text, "invalid datetime"); }

constexpr std::array<NamedFormat, 13> kFormats = {{
    {"dns1123Label", "DNS1123Label", 30, label_faults},
    {"dns1123Subdomain", "DNS1123Subdomain", 60, subdomain_faults},
    {"dns1035Label", "DNS1035Label", 30, old_label_faults},
    {"qualifiedName", "QualifiedName", 60, qualified_name_faults},
    {"dns1123LabelPrefix", "DNS1123LabelPrefix", 30, label_prefix_faults},
    {"dns1123SubdomainPrefix", "DNS1123SubdomainPrefix", 60, subdomain_prefix_faults},
    {"dns1035LabelPrefix", "DNS1035LabelPrefix", 30, old_label_prefix_faults},
    {"labelValue", "LabelValue", 40, label_value_faults},
    {"uri", "URI", 1103, uri_faults},
    {"uuid", "uuid", 70, uuid_faults},
    {"byte", "byte", 84, byte_faults},
    {"date", "date", 71, date_faults},
    {"datetime", "datetime", 71, date_time_faults},
}};

}  // namespace

std::span<const NamedFormat> named_formats() { return kFormats; }

const NamedFormat* find_named_format(std::string_view function) {
  for (const NamedFormat& format : kFormats) {
    if (format.function == function) return &format;
  }
  return nullptr;
}

}  // namespace pawl::cel::lib

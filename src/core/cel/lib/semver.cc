#include "core/cel/lib/semver.h"

#include <charconv>
#include <string>
#include <vector>

#include "base/text.h"
#include "core/cel/lib/go_text.h"

namespace pawl::cel::lib {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kIdentifier = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789";

bool only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

Error bad(std::string message) { return Error(ErrorCode::kInvalid, std::move(message)); }

// strconv.ParseUint of digits.
Result<std::uint64_t> parse_uint(std::string_view digits) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc()) return value;
  return bad("strconv.ParseUint: parsing " + go_quote(digits) +
             (digits.empty() ? ": invalid syntax" : ": value out of range"));
}

Result<std::uint64_t> parse_number(std::string_view text, const std::string& name) {
  if (!only(text, kDigits)) return bad("Invalid character(s) found in " + name + " number " + go_quote(text));
  std::string upper = name;
  upper[0] = static_cast<char>(upper[0] - 'a' + 'A');
  if (text.size() > 1 && text[0] == '0')
    return bad(upper + " number must not contain leading zeroes " + go_quote(text));
  return parse_uint(text);
}

Status check_prerelease(std::string_view text) {
  if (text.empty()) return bad("Prerelease is empty");
  if (!only(text, kIdentifier)) return bad("Invalid character(s) found in prerelease " + go_quote(text));
  if (!only(text, kDigits)) return {};
  if (text.size() > 1 && text[0] == '0')
    return bad("Numeric PreRelease version must not contain leading zeroes " + go_quote(text));
  PAWL_TRY(parse_uint(text));
  return {};
}

Status check_build(std::string_view text) {
  if (text.empty()) return bad("Build meta data is empty");
  if (!only(text, kIdentifier)) return bad("Invalid character(s) found in build meta data " + go_quote(text));
  return {};
}

// At most three parts: the last holds all the dots that are left.
std::vector<std::string> split_three(std::string_view text) {
  std::vector<std::string> out;
  while (out.size() < 2 && text.find('.') != std::string_view::npos) {
    out.emplace_back(text.substr(0, text.find('.')));
    text.remove_prefix(text.find('.') + 1);
  }
  out.emplace_back(text);
  return out;
}

std::string_view cut(std::string_view& text, char at) {
  std::size_t place = text.find(at);
  if (place == std::string_view::npos) return {};
  std::string_view rest = text.substr(place + 1);
  text = text.substr(0, place);
  return rest;
}

Result<format::Version> parse_strict(std::string_view text) {
  if (text.empty()) return bad("Version string empty");
  std::vector<std::string> parts = split_three(text);
  if (parts.size() != 3) return bad("No Major.Minor.Patch elements found");
  format::Version out;
  PAWL_ASSIGN(out.major, parse_number(parts[0], "major"));
  PAWL_ASSIGN(out.minor, parse_number(parts[1], "minor"));
  std::string_view patch = parts[2];
  bool has_build = patch.find('+') != std::string_view::npos;
  std::string_view build = cut(patch, '+');
  bool has_prerelease = patch.find('-') != std::string_view::npos;
  std::string_view prerelease = cut(patch, '-');
  PAWL_ASSIGN(out.patch, parse_number(patch, "patch"));
  if (has_prerelease) {
    for (std::string_view identifier : split(prerelease, '.')) {
      PAWL_TRY(check_prerelease(identifier));
      out.prerelease.emplace_back(identifier);
    }
  }
  if (has_build) {
    for (std::string_view identifier : split(build, '.')) PAWL_TRY(check_build(identifier));
  }
  return out;
}

std::string without_leading_zeroes(const std::string& part) {
  if (part.size() < 2) return part;
  std::size_t first = part.find_first_not_of('0');
  std::string out = first == std::string::npos ? "" : part.substr(first);
  return out.empty() || out[0] < '0' || out[0] > '9' ? "0" + out : out;
}

}  // namespace

Result<format::Version> parse_semver(std::string_view text, bool normalize) {
  if (!normalize) return parse_strict(text);
  if (text.starts_with('v')) text.remove_prefix(1);
  std::vector<std::string> parts = split_three(text);
  for (std::string& part : parts) part = without_leading_zeroes(part);
  if (parts.size() < 3 && parts.back().find_first_of("+-") != std::string::npos)
    return bad("short version cannot contain PreRelease/Build meta data");
  while (parts.size() < 3) parts.emplace_back("0");
  return parse_strict(join(parts, "."));
}

}  // namespace pawl::cel::lib

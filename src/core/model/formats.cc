#include "core/model/formats.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/model/cron.h"
#include "core/model/names.h"

namespace pawl::model {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_control_or_space(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; }

bool all_of(const auto& text, auto fits) { return std::all_of(text.begin(), text.end(), fits); }

std::string problem_as_argument(std::string_view text) {
  if (text.empty()) return "it is empty";
  if (text.starts_with('-')) return "it begins with -";
  if (!all_of(text, [](char c) { return !is_control_or_space(c); })) return "it holds spaces or control characters";
  return {};
}

std::string problem_with_time_zone(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::vector<std::string_view> parts = split(text, '/');
  bool shaped = text.size() <= kLongest && parts.size() <= 3 && all_of(parts, [](std::string_view part) {
                  bool letters = all_of(part, [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '+'; });
                  return !part.empty() && letters && !is_digit(part[0]) && part[0] != '-' && part[0] != '+';
                });
  bool known = parts.size() > 1 || text == "UTC" || text == "GMT";
  return shaped && known ? "" : "it must be UTC or an IANA name such as Europe/Berlin";
}

// git-check-ref-format(1), for what stands behind refs/heads/ or refs/tags/.
std::string problem_with_git_name(std::string_view text) {
  if (std::string problem = problem_as_argument(text); !problem.empty()) return problem;
  if (text.find_first_of("~^:?*[\\") != std::string_view::npos) return "Git allows none of ~^:?*[\\ in it";
  bool bad = text.find("..") != std::string_view::npos || text.find("//") != std::string_view::npos ||
             text.find("@{") != std::string_view::npos || text == "@" || text.starts_with('/') || text.ends_with('/') ||
             text.ends_with('.');
  for (std::string_view part : split(text, '/')) bad |= part.starts_with('.') || part.ends_with(".lock");
  return bad ? "Git does not allow such a name" : "";
}

// The host of scheme://user@host/path or user@host:path; "" for a local path.
std::string_view host_of(std::string_view url) {
  std::size_t scheme = url.find("://");
  std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  std::size_t end = rest.find_first_of(scheme == std::string_view::npos ? ":/" : "/");
  std::string_view authority = rest.substr(0, end);
  bool scp_like = scheme == std::string_view::npos && end != std::string_view::npos && rest[end] == ':';
  if (scheme == std::string_view::npos && !scp_like) return {};
  std::size_t at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

std::string problem_with_git_url(std::string_view url) {
  static constexpr std::array<std::string_view, 5> kSchemes = {"https", "ssh", "git", "file", "http"};
  if (std::string problem = problem_as_argument(url); !problem.empty()) return problem;
  // ext::sh -c ... would run a command.
  if (url.find("::") != std::string_view::npos) return "it names a remote helper";
  std::size_t scheme = url.find("://");
  bool known = scheme == std::string_view::npos ||
               std::find(kSchemes.begin(), kSchemes.end(), url.substr(0, scheme)) != kSchemes.end();
  if (!known) return "it must begin with https://, ssh://, git://, file:// or be user@host:path";
  // ssh would read such a host as an option.
  if (host_of(url).starts_with('-') || url.find("@-") != std::string_view::npos) return "its host begins with -";
  return {};
}

std::string problem_with_version(std::string_view text) {
  if (trim(text).empty()) return "it is empty";
  if (text.starts_with('-')) return "it begins with -";
  constexpr std::string_view kMarks = "._+-*<>=!~^|, ";
  bool fits = all_of(text, [&](char c) { return is_alnum(c) || kMarks.find(c) != std::string_view::npos; });
  return fits ? "" : "it must be a tag, a range (>=1.2 <2) or a pattern (v1.*)";
}

std::string problem_with_commit(std::string_view text) {
  bool hex = all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  return hex && (text.size() == 40 || text.size() == 64)
             ? ""
             : "it must be a whole commit: 40 hexadecimal digits, lower case";
}

}  // namespace

bool holds_password(std::string_view url) {
  std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view authority = url.substr(scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  std::size_t at = authority.rfind('@');
  return at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos;
}

std::string problem_with(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::kName:
      return is_dns_label(text) ? ""
                                : "it must be a-z, 0-9 and -, at most 63, beginning and ending with a letter or digit";
    case FieldType::kCron:
      return problem_with_cron(text);
    case FieldType::kTimeZone:
      return problem_with_time_zone(text);
    case FieldType::kGitUrl:
      return problem_with_git_url(text);
    case FieldType::kGitName:
      return problem_with_git_name(text);
    case FieldType::kCommit:
      return problem_with_commit(text);
    case FieldType::kVersion:
      return problem_with_version(text);
    case FieldType::kArgument:
      return problem_as_argument(text);
    case FieldType::kString:
    case FieldType::kPath:
    case FieldType::kInteger:
    case FieldType::kBoolean:
    case FieldType::kDuration:
    case FieldType::kStrings:
    case FieldType::kStringOrStrings:
    case FieldType::kMap:
    case FieldType::kMaps:
    case FieldType::kUnion:
    case FieldType::kUnions:
    case FieldType::kNamed:
    case FieldType::kPersons:
    case FieldType::kStringMap:
    case FieldType::kStringLists:
    case FieldType::kFreeMap:
    case FieldType::kFreeList:
      return {};
  }
  return {};
}

}  // namespace pawl::model

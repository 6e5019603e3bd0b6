#include "adapters/registry/version_choice.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "format/glob.h"
#include "format/semver.h"

namespace pawl::registry {

namespace {

bool is_lower(const std::string& a, const std::string& b) {
  std::optional<format::Version> x = format::parse_version(a);
  std::optional<format::Version> y = format::parse_version(b);
  if (x.has_value() != y.has_value()) return !x;
  if (x && *x != *y) return *x < *y;
  return a < b;
}

}  // namespace

VersionForm form_of(const std::string& wanted) {
  if (wanted.find_first_of("<>=^~| ,") != std::string::npos) return VersionForm::kRange;
  return wanted.find_first_of("*?") != std::string::npos ? VersionForm::kPattern : VersionForm::kExact;
}

Status check_version(const std::string& wanted) {
  if (form_of(wanted) == VersionForm::kRange) PAWL_TRY(format::VersionRange::parse(wanted));
  return {};
}

Result<std::string> choose_version(const std::string& wanted, const std::vector<std::string>& tags,
                                   const std::string& where) {
  std::vector<std::string> fit;
  if (form_of(wanted) == VersionForm::kRange) {
    PAWL_ASSIGN(format::VersionRange range, format::VersionRange::parse(wanted));
    std::copy_if(tags.begin(), tags.end(), std::back_inserter(fit), [&](const std::string& tag) {
      std::optional<format::Version> version = format::parse_version(tag);
      return version && range.contains(*version);
    });
  } else {
    std::copy_if(tags.begin(), tags.end(), std::back_inserter(fit),
                 [&](const std::string& tag) { return format::glob_match(wanted, tag); });
  }
  if (fit.empty())
    return Error(ErrorCode::kNotFound, "no tag of " + where + " matches \"" + escape_terminal(wanted) + "\"");
  return *std::max_element(fit.begin(), fit.end(), is_lower);
}

}  // namespace pawl::registry

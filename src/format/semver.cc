#include "format/semver.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace pawl::format {

namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc() && end == text.data() + text.size();
  bool padded = text.size() > 1 && text[0] == '0';
  if (!whole || padded) return std::nullopt;
  return value;
}

bool is_identifier(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

// Numbers rank below words, and by value among themselves.
std::strong_ordering compare_identifiers(const std::string& a, const std::string& b) {
  std::optional<std::uint64_t> x = parse_number(a);
  std::optional<std::uint64_t> y = parse_number(b);
  if (x && y) return *x <=> *y;
  if (x || y) return x ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.compare(b) <=> 0;
}

// "1.2.x": how many of the parts were given, and the version with the others at 0.
struct Partial {
  Version version;
  std::size_t parts = 0;
};

bool is_wildcard(std::string_view part) { return part == "x" || part == "X" || part == "*"; }

std::optional<std::vector<std::string>> parse_prerelease(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view part : split(text, '.')) {
    if (!is_identifier(part)) return std::nullopt;
    out.emplace_back(part);
  }
  return out;
}

std::optional<Partial> parse_partial(std::string_view text) {
  constexpr std::size_t kLongest = 256;
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (text[0] == 'v' || text[0] == 'V') text.remove_prefix(1);
  Partial out;
  if (std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    if (!parse_prerelease(text.substr(plus + 1))) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    std::optional<std::vector<std::string>> identifiers = parse_prerelease(text.substr(dash + 1));
    if (!identifiers) return std::nullopt;
    out.version.prerelease = std::move(*identifiers);
    text = text.substr(0, dash);
  }
  std::vector<std::string_view> parts = split(text, '.');
  std::array<std::uint64_t*, 3> fields = {&out.version.major, &out.version.minor, &out.version.patch};
  if (parts.size() > fields.size()) return std::nullopt;
  bool wild = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    wild = wild || is_wildcard(parts[i]);
    if (wild && !is_wildcard(parts[i])) return std::nullopt;
    if (wild) continue;
    std::optional<std::uint64_t> number = parse_number(parts[i]);
    if (!number) return std::nullopt;
    *fields[i] = *number;
    out.parts = i + 1;
  }
  if (wild && !out.version.prerelease.empty()) return std::nullopt;
  return out;
}

// The first version behind everything that begins with the first `parts` parts: 1.2 -> 1.3.0. Pre-releases of it lie
// behind, too ("-0" is the least of them).
Version next(const Version& version, std::size_t parts) {
  Version out;
  out.major = version.major + (parts == 1 ? 1 : 0);
  if (parts >= 2) out.minor = version.minor + (parts == 2 ? 1 : 0);
  if (parts >= 3) out.patch = version.patch + 1;
  out.prerelease = {"0"};
  return out;
}

// "^0.2.3" stays below 0.3: the leftmost part that is not zero holds.
std::size_t caret_part(const Partial& from) {
  if (from.version.major > 0 || from.parts == 1) return 1;
  if (from.version.minor > 0 || from.parts == 2) return 2;
  return 3;
}

}  // namespace

std::strong_ordering Version::operator<=>(const Version& other) const {
  if (auto order = major <=> other.major; order != 0) return order;
  if (auto order = minor <=> other.minor; order != 0) return order;
  if (auto order = patch <=> other.patch; order != 0) return order;
  if (prerelease.empty() != other.prerelease.empty())
    return prerelease.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  for (std::size_t i = 0; i < std::min(prerelease.size(), other.prerelease.size()); ++i) {
    if (auto order = compare_identifiers(prerelease[i], other.prerelease[i]); order != 0) return order;
  }
  return prerelease.size() <=> other.prerelease.size();
}

std::optional<Version> parse_version(std::string_view text) {
  std::optional<Partial> partial = parse_partial(text);
  if (!partial || partial->parts == 0 || text.find_first_of("xX*") < text.find_first_of("-+")) return std::nullopt;
  return std::move(partial->version);
}

struct RangeReader {
  using Sign = VersionRange::Bound::Sign;
  using Alternative = VersionRange::Alternative;

  static Error bad(std::string_view part) {
    return Error(ErrorCode::kInvalid, "\"" + escape_terminal(part.substr(0, 100)) + "\" is not a range of versions",
                 "for example \">=6.12 <7\", \"^1.2\", \"~1.2.3\" or \"1.x\"");
  }

  static std::string_view take_sign(std::string_view& text) {
    for (std::string_view sign : {">=", "<=", "==", ">", "<", "=", "^", "~"}) {
      if (!text.starts_with(sign)) continue;
      text.remove_prefix(sign.size());
      return sign;
    }
    return "";
  }

  static void add_between(Alternative& out, const Version& from, const Version& below) {
    out.push_back({Sign::kGreaterEqual, from});
    out.push_back({Sign::kLess, below});
  }

  static void add_bound(Alternative& out, std::string_view sign, const Partial& at) {
    bool whole = at.parts == 3;
    if (sign == ">=") {
      out.push_back({Sign::kGreaterEqual, at.version});
    } else if (sign == "<") {
      out.push_back({Sign::kLess, at.version});
    } else if (sign == ">") {
      if (whole) out.push_back({Sign::kGreater, at.version});
      if (!whole) out.push_back({Sign::kGreaterEqual, next(at.version, at.parts)});
    } else if (sign == "<=") {
      if (whole) out.push_back({Sign::kLessEqual, at.version});
      if (!whole) out.push_back({Sign::kLess, next(at.version, at.parts)});
    } else if (sign == "^") {
      add_between(out, at.version, next(at.version, caret_part(at)));
    } else if (sign == "~") {
      add_between(out, at.version, next(at.version, std::min<std::size_t>(at.parts, 2)));
    } else if (whole) {
      out.push_back({Sign::kEqual, at.version});
    } else {
      add_between(out, at.version, next(at.version, at.parts));
    }
  }

  static Status add_comparator(Alternative& out, std::string_view text) {
    std::string_view rest = text;
    std::string_view sign = take_sign(rest);
    std::optional<Partial> at = parse_partial(rest);
    if (!at) return bad(text);
    bool any = at->parts == 0;
    if (any && sign != "" && sign != ">=" && sign != "=" && sign != "^" && sign != "~") return bad(text);
    if (!any) add_bound(out, sign, *at);
    return {};
  }

  // Blanks and commas part comparators; a sign may stand apart from its version.
  static std::vector<std::string> words_of(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    std::vector<std::string> out;
    bool sign_waits = false;
    for (std::string_view word : split(spaced, ' ')) {
      if (word.empty()) continue;
      if (sign_waits)
        out.back() += word;
      else
        out.emplace_back(word);
      sign_waits = word.find_first_not_of("<>=^~") == std::string_view::npos;
    }
    return out;
  }

  static Result<Alternative> read_alternative(std::string_view text) {
    std::vector<std::string> words = words_of(text);
    Alternative out;
    if (words.empty()) return bad(text);
    if (words.size() == 3 && words[1] == "-") {
      PAWL_TRY(add_comparator(out, ">=" + words[0]));
      PAWL_TRY(add_comparator(out, "<=" + words[2]));
      return out;
    }
    for (const std::string& word : words) PAWL_TRY(add_comparator(out, word));
    return out;
  }
};

Result<VersionRange> VersionRange::parse(std::string_view text) {
  constexpr std::size_t kLongest = 1024;
  if (text.size() > kLongest) return RangeReader::bad(text);
  VersionRange out;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t end = std::min(text.find("||", begin), text.size());
    PAWL_ASSIGN(Alternative alternative, RangeReader::read_alternative(text.substr(begin, end - begin)));
    out.alternatives_.push_back(std::move(alternative));
    begin = end + 2;
  }
  return out;
}

bool VersionRange::Bound::admits(const Version& v) const {
  switch (sign) {
    case Sign::kLess:
      return v < version;
    case Sign::kLessEqual:
      return v <= version;
    case Sign::kGreater:
      return v > version;
    case Sign::kGreaterEqual:
      return v >= version;
    case Sign::kEqual:
      return v == version;
  }
  return false;
}

bool VersionRange::contains(const Version& version) const {
  auto invites = [&](const Bound& bound) {
    bool own = bound.version.prerelease != std::vector<std::string>{"0"} && !bound.version.prerelease.empty();
    return own && bound.version.major == version.major && bound.version.minor == version.minor &&
           bound.version.patch == version.patch;
  };
  return std::any_of(alternatives_.begin(), alternatives_.end(), [&](const Alternative& alternative) {
    bool inside =
        std::all_of(alternative.begin(), alternative.end(), [&](const Bound& b) { return b.admits(version); });
    return inside && (version.prerelease.empty() || std::any_of(alternative.begin(), alternative.end(), invites));
  });
}

}  // namespace pawl::format

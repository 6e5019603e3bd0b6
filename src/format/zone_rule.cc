#include <charconv>

#include "format/time_zone.h"

namespace pawl::format {

namespace {

using std::chrono::seconds;

// Reads one POSIX TZ string from the front.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  Result<ZoneRule> read() {
    ZoneRule rule;
    if (!name()) return malformed();
    std::optional<seconds> standard = time();
    if (!standard) return malformed();
    rule.standard = -*standard;  // POSIX counts westwards
    if (rest_.empty()) return rule;
    if (!name()) return malformed();
    rule.has_summer = true;
    rule.summer = rule.standard + std::chrono::hours(1);
    if (!rest_.empty() && rest_[0] != ',') {
      std::optional<seconds> summer = time();
      if (!summer) return malformed();
      rule.summer = -*summer;
    }
    std::optional<ChangeDay> begins = day();
    std::optional<ChangeDay> ends = day();
    if (!begins || !ends || !rest_.empty()) return malformed();
    rule.begins = *begins;
    rule.ends = *ends;
    return rule;
  }

 private:
  static Error malformed() { return Error(ErrorCode::kInvalid, "a time zone's rule that cannot be read"); }

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> number(int least, int most) {
    int value = 0;
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value < least || value > most) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  // Three letters or more, or anything in angle brackets.
  bool name() {
    std::size_t end = 0;
    if (!rest_.empty() && rest_[0] == '<') {
      end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      ++end;
    } else {
      auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
      while (end < rest_.size() && letter(rest_[end])) ++end;
    }
    rest_.remove_prefix(end);
    return end >= 3;
  }

  // [+-]h[h][:mm[:ss]]
  std::optional<seconds> time() {
    constexpr int kMostHours = 167;
    bool negative = take('-');
    if (!negative) take('+');
    std::optional<int> hours = number(0, kMostHours);
    if (!hours) return std::nullopt;
    seconds out = std::chrono::hours(*hours);
    for (int unit : {60, 1}) {
      if (!take(':')) break;
      std::optional<int> more = number(0, 59);
      if (!more) return std::nullopt;
      out += seconds(*more * unit);
    }
    return negative ? -out : out;
  }

  // ",M3.5.0/2", ",J60", ",59"
  std::optional<ChangeDay> day() {
    ChangeDay out{.time = std::chrono::hours(2)};
    if (!take(',')) return std::nullopt;
    bool read = take('M') ? weekday(out) : take('J') ? of_year(out, 1) : of_year(out, 0);
    if (!read) return std::nullopt;
    if (!take('/')) return out;
    std::optional<seconds> at = time();
    if (!at) return std::nullopt;
    out.time = *at;
    return out;
  }

  bool weekday(ChangeDay& out) {
    std::optional<int> month = number(1, 12);
    if (!month || !take('.')) return false;
    std::optional<int> week = number(1, 5);
    if (!week || !take('.')) return false;
    std::optional<int> day = number(0, 6);
    if (!day) return false;
    out.month = *month;
    out.week = *week;
    out.day = *day;
    return true;
  }

  bool of_year(ChangeDay& out, int least) {
    std::optional<int> day = number(least, 365);
    if (!day) return false;
    out.kind = least == 1 ? ChangeDay::Kind::kJulian : ChangeDay::Kind::kZeroBased;
    out.day = *day;
    return true;
  }

  std::string_view rest_;
};

}  // namespace

Result<ZoneRule> parse_zone_rule(std::string_view text) { return RuleReader(text).read(); }

}  // namespace pawl::format

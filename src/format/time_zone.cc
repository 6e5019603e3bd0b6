#include "format/time_zone.h"

#include <algorithm>

namespace pawl::format {

namespace {

using namespace std::chrono;

constexpr auto kMostOffset = hours(26);

Error malformed(std::string why) { return Error(ErrorCode::kInvalid, "malformed time zone: " + std::move(why)); }

// Big-endian numbers, from the front.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  bool has(std::size_t size) const { return rest_.size() >= size; }
  std::string_view take(std::size_t size) {
    std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  std::int64_t number(std::size_t size) {
    std::string_view bytes = take(size);
    std::uint64_t value = static_cast<unsigned char>(bytes[0]) >= 0x80 ? ~std::uint64_t{0} : 0;
    for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct Header {
  char version = '\0';
  std::size_t ut = 0, standard = 0, leaps = 0, times = 0, types = 0, characters = 0;

  std::size_t body(std::size_t width) const {
    return times * (width + 1) + types * 6 + characters + leaps * (width + 4) + standard + ut;
  }
};

Result<Header> read_header(Bytes& bytes) {
  constexpr std::size_t kHeader = 44;
  constexpr std::int64_t kMost = 1 << 20;
  if (!bytes.has(kHeader) || bytes.take(4) != "TZif") return malformed("it is no TZif file");
  Header out;
  out.version = bytes.take(1)[0];
  bytes.take(15);
  for (std::size_t* count : {&out.ut, &out.standard, &out.leaps, &out.times, &out.types, &out.characters}) {
    std::int64_t value = bytes.number(4);
    if (value < 0 || value > kMost) return malformed("a count beyond every bound");
    *count = static_cast<std::size_t>(value);
  }
  if (out.types == 0) return malformed("it has no local time at all");
  return out;
}

sys_seconds moment_of(const ChangeDay& change, year in, seconds offset) {
  sys_days day;
  switch (change.kind) {
    case ChangeDay::Kind::kWeekday: {
      weekday wanted(static_cast<unsigned>(change.day));
      year_month of = in / month(static_cast<unsigned>(change.month));
      day = change.week == 5 ? sys_days(of / wanted[last]) : sys_days(of / wanted[static_cast<unsigned>(change.week)]);
      break;
    }
    case ChangeDay::Kind::kJulian: {
      bool behind_leap_day = in.is_leap() && change.day >= 60;
      day = sys_days(in / January / 1) + days(change.day - 1 + (behind_leap_day ? 1 : 0));
      break;
    }
    case ChangeDay::Kind::kZeroBased:
      day = sys_days(in / January / 1) + days(change.day);
      break;
  }
  return sys_seconds(day) + change.time - offset;
}

seconds offset_by(const ZoneRule& rule, sys_seconds time) {
  if (!rule.has_summer) return rule.standard;
  year in = year_month_day(floor<days>(time + rule.standard)).year();
  sys_seconds begins = moment_of(rule.begins, in, rule.standard);
  sys_seconds ends = moment_of(rule.ends, in, rule.summer);
  // South of the equator summer begins late in the year and ends early in it.
  bool summer = begins < ends ? time >= begins && time < ends : time >= begins || time < ends;
  return summer ? rule.summer : rule.standard;
}

}  // namespace

Result<TimeZone> TimeZone::parse(std::string_view tzif) {
  Bytes bytes(tzif);
  PAWL_ASSIGN(Header header, read_header(bytes));
  std::size_t width = 4;
  bool wide = header.version >= '2';
  if (wide) {
    // The first block is for readers of 32 bits.
    if (!bytes.has(header.body(width))) return malformed("it is cut off");
    bytes.take(header.body(width));
    PAWL_ASSIGN(header, read_header(bytes));
    width = 8;
  }
  if (!bytes.has(header.body(width))) return malformed("it is cut off");
  TimeZone out;
  for (std::size_t i = 0; i < header.times; ++i)
    out.transitions_.push_back({sys_seconds(seconds(bytes.number(width))), {}});
  std::string_view kinds = bytes.take(header.times);
  std::vector<seconds> offsets;
  for (std::size_t i = 0; i < header.types; ++i) {
    offsets.emplace_back(bytes.number(4));
    bytes.take(2);
    if (abs(offsets.back()) > kMostOffset) return malformed("an offset of more than a day");
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    auto kind = static_cast<unsigned char>(kinds[i]);
    bool in_order = i == 0 || out.transitions_[i - 1].at < out.transitions_[i].at;
    if (kind >= offsets.size() || !in_order) return malformed("transitions that are none");
    out.transitions_[i].offset = offsets[kind];
  }
  out.first_ = offsets[0];
  if (!wide) return out;
  bytes.take(header.characters + header.leaps * (width + 4) + header.standard + header.ut);
  std::string_view footer = bytes.rest();
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return malformed("it has no footer");
  footer = footer.substr(1, footer.size() - 2);
  if (footer.empty()) return out;
  PAWL_ASSIGN(ZoneRule rule, parse_zone_rule(footer));
  for (seconds offset : {rule.standard, rule.summer}) {
    if (abs(offset) > kMostOffset) return malformed("an offset of more than a day");
  }
  out.rule_ = rule;
  return out;
}

seconds TimeZone::offset_at(sys_seconds time) const {
  auto behind = std::upper_bound(transitions_.begin(), transitions_.end(), time,
                                 [](sys_seconds at, const Transition& transition) { return at < transition.at; });
  if (behind == transitions_.end() && rule_) return offset_by(*rule_, time);
  return behind == transitions_.begin() ? first_ : std::prev(behind)->offset;
}

local_seconds TimeZone::to_local(sys_seconds time) const {
  return local_seconds(time.time_since_epoch() + offset_at(time));
}

sys_seconds TimeZone::to_first(local_seconds local) const {
  sys_seconds as_utc(local.time_since_epoch());
  seconds before = offset_at(as_utc - days(1));
  seconds after = offset_at(as_utc + days(1));
  std::optional<sys_seconds> found;
  for (seconds offset : {before, after}) {
    sys_seconds time = as_utc - offset;
    bool shown = offset_at(time) == offset;
    if (shown && (!found || time < *found)) found = time;
  }
  if (found) return *found;
  // It is passed over: the moment lies between where it would be under either offset.
  sys_seconds low = as_utc - std::max(before, after);
  sys_seconds high = as_utc - std::min(before, after);
  while (high - low > seconds(1)) {
    sys_seconds middle = low + (high - low) / 2;
    (offset_at(middle) == before ? low : high) = middle;
  }
  return high;
}

}  // namespace pawl::format

#include "core/model/cron.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"

namespace pawl::model {

namespace {

struct CronField {
  std::string_view name;
  int least;
  int most;
  std::string_view words;  // names of the values, from `least` on
};
constexpr std::array<CronField, 5> kCron = {{{"minute", 0, 59, ""},
                                             {"hour", 0, 23, ""},
                                             {"day", 1, 31, ""},
                                             {"month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"},
                                             {"weekday", 0, 7, "sun mon tue wed thu fri sat"}}};

std::optional<int> cron_number(std::string_view text, const CronField& field) {
  std::vector<std::string_view> words = split(field.words, ' ');
  auto word = std::find(words.begin(), words.end(), to_lower(text));
  if (!field.words.empty() && word != words.end()) return field.least + static_cast<int>(word - words.begin());
  int value = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || value < field.least || value > field.most) return std::nullopt;
  return value;
}

struct Range {
  int first;
  int last;
  int step;
};

// One part of a field: *, a, a-b, each with /step. One value with a step goes on to the end.
std::optional<Range> read_part(std::string_view part, const CronField& field) {
  Range out{field.least, field.most, 1};
  std::size_t slash = part.find('/');
  if (slash != std::string_view::npos) {
    std::optional<int> step = cron_number(part.substr(slash + 1), {field.name, 1, field.most, ""});
    if (!step) return std::nullopt;
    out.step = *step;
    part = part.substr(0, slash);
  }
  if (part == "*") return out;
  std::size_t dash = part.find('-');
  std::optional<int> first = cron_number(part.substr(0, dash), field);
  if (!first) return std::nullopt;
  out.first = *first;
  if (dash == std::string_view::npos) {
    if (slash == std::string_view::npos) out.last = *first;
    return out;
  }
  std::optional<int> last = cron_number(part.substr(dash + 1), field);
  if (!last || *first > *last) return std::nullopt;
  out.last = *last;
  return out;
}

std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> fields = split(text, ' ');
  std::erase_if(fields, [](std::string_view field) { return field.empty(); });
  return fields;
}

template <std::size_t N>
std::bitset<N> values_of(std::string_view text, const CronField& field) {
  std::bitset<N> out;
  for (std::string_view part : split(text, ',')) {
    std::optional<Range> range = read_part(part, field);
    for (int i = range->first; i <= range->last; i += range->step) out.set(static_cast<std::size_t>(i));
  }
  return out;
}

}  // namespace

bool Cron::on(std::chrono::year_month_day day) const {
  if (!months.test(static_cast<unsigned>(day.month()))) return false;
  bool by_day = days.test(static_cast<unsigned>(day.day()));
  unsigned number = std::chrono::weekday(std::chrono::sys_days(day)).c_encoding();
  bool by_weekday = weekdays.test(number) || (number == 0 && weekdays.test(7));
  return any_day || any_weekday ? by_day && by_weekday : by_day || by_weekday;
}

std::string problem_with_cron(std::string_view text) {
  std::vector<std::string_view> fields = fields_of(text);
  if (fields.size() != kCron.size()) return "it needs five fields: minute hour day month weekday";
  for (std::size_t i = 0; i < kCron.size(); ++i) {
    for (std::string_view part : split(fields[i], ',')) {
      if (read_part(part, kCron[i])) continue;
      return fmt::format("\"{}\" is no {} ({} to {})", part.substr(0, 32), kCron[i].name, kCron[i].least,
                         kCron[i].most);
    }
  }
  return {};
}

Result<Cron> parse_cron(std::string_view text) {
  if (std::string problem = problem_with_cron(text); !problem.empty())
    return Error(ErrorCode::kInvalid, "the schedule \"" + std::string(text.substr(0, 80)) + "\": " + problem);
  std::vector<std::string_view> fields = fields_of(text);
  Cron out;
  out.minutes = values_of<60>(fields[0], kCron[0]);
  out.hours = values_of<24>(fields[1], kCron[1]);
  out.days = values_of<32>(fields[2], kCron[2]);
  out.months = values_of<13>(fields[3], kCron[3]);
  out.weekdays = values_of<8>(fields[4], kCron[4]);
  out.any_day = fields[2].starts_with('*');
  out.any_weekday = fields[4].starts_with('*');
  return out;
}

}  // namespace pawl::model

#include "format/time_zone.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

using namespace std::chrono;

void run(const std::string& text) {
  Result<format::TimeZone> zone = format::TimeZone::parse(text);
  if (!zone) return;
  for (sys_seconds time = sys_days(2020y / January / 1); time < sys_days(2021y / March / 1); time += hours(97)) {
    check(abs(zone->offset_at(time)) < hours(27), "an offset is bounded");
    sys_seconds first = zone->to_first(zone->to_local(time));
    check(abs(first - time) < hours(24 * 4), "a clock shows a time near that time");
  }
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

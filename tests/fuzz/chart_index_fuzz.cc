#include "adapters/registry/chart_index.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

void run(const std::string& text) {
  Result<std::vector<registry::IndexedChart>> charts = registry::parse_chart_index(text, "index.yaml", "web");
  if (!charts) return;
  for (const registry::IndexedChart& chart : *charts) {
    check(!chart.version.empty() && !chart.urls.empty(), "an entry has a version and a place");
    check(chart.digest.empty() || crypto::Digest::parse("sha256:" + chart.digest).ok(), "a digest is one");
    Result<registry::IndexedChart> found = registry::find_version(*charts, chart.version, "index.yaml");
    check(!found.ok() || found->version == chart.version, "the version that was asked for");
  }
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

#include "core/model/project.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

constexpr std::string_view kKey =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC "
    "KEY-----\n";

void run(const std::string& text) {
  model::ProjectFile file{"pawl.yaml", text};
  auto read = [](const std::string&) -> Result<std::string> { return std::string(kKey); };
  Result<model::Project> project = model::parse_project({&file, 1}, read);
  if (project) return;
  for (const Diagnostic& diagnostic : project.error().diagnostics) {
    check(!diagnostic.summary.empty(), "an error says what is wrong");
    check(!render_diagnostic(diagnostic).empty(), "an error can be shown");
  }
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

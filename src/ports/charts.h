#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "core/model/chart.h"
#include "crypto/digest.h"

namespace pawl::ports {

// The program that renders charts, as this machine has it.
struct ChartProgram {
  std::string platform;  // "linux/amd64"
  crypto::Digest digest;
};

// What a chart could see of a machine if it got to see any: a rendering must not differ between the two.
enum class Surroundings : std::uint8_t { kPlain, kOther };

// Renders Helm charts: no network, no cluster, nothing of this machine but the program. Thread-safe.
class Charts {
 public:
  virtual ~Charts() = default;

  // Errors: kNotFound when there is no program, with the way out.
  virtual Result<ChartProgram> program(const Context& context) = 0;
  // What it says of itself: "v4.3.1". Errors: as above; kUnknown when it says nothing.
  virtual Result<std::string> version(const Context& context) = 0;
  // Returns what the program printed: YAML documents, each behind "---" and "# Source: PATH". kOther renders at another
  // second, under another time zone, locale, home folder and host name. Errors: kInvalid with the program's words,
  // kTimeout, kDenied where it cannot be isolated, kNotFound as above.
  virtual Result<std::string> inflate(const Context& context, const model::ChartRequest& request,
                                      Surroundings surroundings) = 0;
  // "namespaces", or "none" where somebody decided to do without: goes into the release's statement.
  virtual std::string sandbox() const = 0;
};

}  // namespace pawl::ports

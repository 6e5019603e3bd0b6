#pragma once

#include <string>

#include "base/result.h"

namespace pawl::ports {

// The machine's database of time zones (tzdata).
class TimeZones {
 public:
  virtual ~TimeZones() = default;
  // The compiled zone (TZif) of an IANA name. Errors: kNotFound for a name that the database does not have.
  virtual Result<std::string> read(const std::string& name) = 0;
};

}  // namespace pawl::ports

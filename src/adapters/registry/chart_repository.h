#pragma once

#include <string>

#include "adapters/registry/redirect.h"
#include "core/model/lock.h"
#include "os/patient_http.h"

namespace pawl::registry {

// A chart repository over HTTP: an index.yaml that names packed charts. It is asked without credentials. Where it sends
// to another host, that host may not be an address of this machine or of a private network. Thread-safe.
class ChartRepository {
 public:
  // The version that a source asks for, the place of its .tgz and that archive's digest, as the index says it or, where
  // it says none, as the archive has it. Errors: kNotFound, kDenied, kUnavailable, kTimeout; kInvalid for what is no
  // chart repository.
  Result<model::LockedSource> resolve(const Context& context, const model::Source& source,
                                      const model::HelmSource& helm);
  // The .tgz of a locked chart. Errors: as above; kIntegrity for other bytes than were locked, kInvalid for more than
  // limits::kChartBytes.
  Result<std::string> archive(const Context& context, const model::LockedSource& locked);

 private:
  Result<std::string> get(const Context& context, const Url& repository, Url at, std::size_t max_bytes);

  os::PatientHttp http_;
};

}  // namespace pawl::registry

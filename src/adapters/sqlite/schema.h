#pragma once

#include <string>

#include "adapters/sqlite/connection.h"
#include "base/result.h"

namespace pawl::sqlite {

// The version of the tables below. A store of a newer version is refused; older ones will be converted here.
inline constexpr std::uint64_t kFormatVersion = 1;

// The tables, each column explained (schema.cc).
extern const char* const kSchema;

// Makes the database file (0600) where there is none, its tables where they are missing, and checks the version.
// Errors: kInvalid for a store of a newer Pawl, kIntegrity for a database that is not a store.
Status ensure_schema(const std::string& path);

}  // namespace pawl::sqlite

#pragma once

#include <gtest/gtest.h>

#include <string>

#include "os/file.h"
#include "os/system.h"

namespace pawl::testing_support {

// A folder of published vectors and real inputs: below $PAWL_SHARED, default ../shared.
inline std::string shared(const std::string& path) {
  return os::join_path(os::environment("PAWL_SHARED").value_or("../shared"), path);
}

// A file of it; the test fails when the file cannot be read.
inline std::string read_shared(const std::string& path) {
  Result<std::string> bytes = os::read_file(shared(path), 256u << 20);
  EXPECT_TRUE(bytes.ok()) << shared(path);
  return bytes ? *bytes : std::string();
}

}  // namespace pawl::testing_support

// Skips, by name, where the shared folder is absent.
#define PAWL_NEEDS_SHARED(path)                                        \
  if (!pawl::os::exists(pawl::testing_support::shared(path))) {        \
    GTEST_SKIP() << pawl::testing_support::shared(path) << " is absent"; \
  }

#include "format/json.h"
#include "tests/support/shared.h"

// RFC 8785 input and output pairs.

namespace pawl {
namespace {

using testing_support::read_shared;

class Jcs : public testing::TestWithParam<const char*> {};

TEST_P(Jcs, X2_InputBecomesOutput) {
  std::string name = GetParam();
  PAWL_NEEDS_SHARED("vectors/jcs/input/" + name + ".json");
  format::Document input = format::parse_json_document(read_shared("vectors/jcs/input/" + name + ".json")).value();
  EXPECT_EQ(format::canonical_json(input.root).value(), read_shared("vectors/jcs/output/" + name + ".json"));
}

INSTANTIATE_TEST_SUITE_P(Vectors, Jcs, testing::Values("arrays", "french", "structures", "unicode", "values", "weird"),
                         [](const auto& p) { return std::string(p.param); });

}  // namespace
}  // namespace pawl

#include "core/cel/lib/libraries.h"

namespace pawl::cel {

void add_libraries(Registry& /*registry*/, Dialect /*dialect*/) {}

}  // namespace pawl::cel

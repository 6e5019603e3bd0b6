#include "core/model/lock.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

void run(const std::string& text) {
  Result<model::Lock> lock = model::parse_lock(text, "pawl.lock");
  if (!lock) return;
  Result<model::Lock> again = model::parse_lock(model::render_lock(*lock), "pawl.lock");
  check(again.ok() && *again == *lock, "a lock reads back as it was written");
  check(model::difference(*lock, *again).empty(), "a lock does not differ from itself");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

#include "core/plan/event.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

void run(const std::string& bytes) {
  Result<plan::Entry> entry = plan::decode_entry(bytes);
  if (!entry) return;
  Result<plan::Entry> again = plan::decode_entry(plan::encode_entry(*entry));
  check(again.ok() && *again == *entry, "a ledger entry reads back as it was written");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

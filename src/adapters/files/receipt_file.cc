#include "adapters/files/receipt_file.h"

#include "format/codec.h"

namespace pawl::ports {

template <class V>
void fields(V& v, Receipt& x) {
  v("bundle", x.bundle);
  v("environment", x.environment);
  v("epoch", x.epoch);
  v("project", x.project);
  v("promotion", x.promotion);
}

}  // namespace pawl::ports

namespace pawl::files {

template <class V>
void fields(V& v, ReceiptFile& x) {
  v("digests", x.digests);
  v("order", x.order);
  v("receipt", x.receipt);
}

std::string encode(const ReceiptFile& file) {
  format::Arena arena;
  return format::render_json_pretty(format::to_value(arena, file));
}

Result<ReceiptFile> decode_receipt(std::string bytes) {
  Result<ReceiptFile> file = format::from_json<ReceiptFile>(std::move(bytes));
  if (file) return file;
  return Error(ErrorCode::kIntegrity,
               "the receipt " + std::string(kReceiptName) + " cannot be read: " + file.error().text(),
               "restore it, or move the folder away and promote with --adopt");
}

}  // namespace pawl::files

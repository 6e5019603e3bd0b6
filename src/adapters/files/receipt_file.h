#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "ports/target.h"

namespace pawl::files {

inline constexpr std::string_view kReceiptName = ".pawl-receipt.json";

// What a target of files remembers of itself.
struct ReceiptFile {
  ports::Receipt receipt;
  std::vector<std::string> order;              // paths of the objects, in apply order: "web/deployment.shop.yaml"
  std::map<std::string, std::string> digests;  // path -> digest of what was written there
};

std::string encode(const ReceiptFile& file);
// Errors: kIntegrity: the file is Pawl's own.
Result<ReceiptFile> decode_receipt(std::string bytes);

}  // namespace pawl::files

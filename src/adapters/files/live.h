#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/files/receipt_file.h"
#include "base/result.h"
#include "ports/target.h"

namespace pawl::files {

// Reads one file that a receipt names; nullopt where it is gone, or is no regular file any more.
using Reader = std::function<Result<std::optional<std::string>>(const std::string& path)>;

// The files of `receipt` that are not what was written there, or gone: hand edits.
Result<std::vector<std::string>> hand_edits(const ReceiptFile& receipt, const Reader& read);

// What is live: the receipt's files in their order as one text a layer, and of `present` what the receipt does not
// name. Without a receipt everything is foreign.
Result<ports::Live> live_of(const std::optional<ReceiptFile>& receipt, const std::vector<std::string>& present,
                            const Reader& read);

}  // namespace pawl::files

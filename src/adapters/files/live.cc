#include "adapters/files/live.h"

#include <set>

#include "crypto/digest.h"

namespace pawl::files {

Result<std::vector<std::string>> hand_edits(const ReceiptFile& receipt, const Reader& read) {
  std::vector<std::string> out;
  for (const auto& [path, digest] : receipt.digests) {
    PAWL_ASSIGN(std::optional<std::string> bytes, read(path));
    bool same = bytes && crypto::sha256(*bytes).str() == digest;
    if (!same) out.push_back(path);
  }
  return out;
}

Result<ports::Live> live_of(const std::optional<ReceiptFile>& receipt, const std::vector<std::string>& present,
                            const Reader& read) {
  ports::Live live;
  std::set<std::string> managed;
  if (receipt) managed.insert(receipt->order.begin(), receipt->order.end());
  for (const std::string& path : receipt ? receipt->order : std::vector<std::string>()) {
    PAWL_ASSIGN(std::optional<std::string> bytes, read(path));
    if (!bytes) continue;
    std::string& text = live.layers[path.substr(0, path.find('/'))];
    if (!text.empty()) text += "---\n";
    text += *bytes;
    if (!text.ends_with('\n')) text += '\n';
  }
  for (const std::string& path : present) {
    if (!managed.contains(path)) live.foreign.push_back(path);
  }
  return live;
}

}  // namespace pawl::files

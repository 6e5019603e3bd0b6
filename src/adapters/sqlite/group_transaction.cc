#include "adapters/sqlite/group_transaction.h"

#include <algorithm>
#include <iterator>

#include "adapters/sqlite/range.h"
#include "base/limits.h"

namespace pawl::sqlite {

namespace {

// An entry's length has 16 bits in an entry bundle, so the bound itself is one too many.
constexpr std::size_t kLargestEntry = limits::kEntryBytes;

std::vector<ports::Record> records_in(const Overlay::Records& records, const KeyRange& range, std::size_t limit,
                                      bool descending) {
  auto first = records.lower_bound(range.low);
  auto last = range.high ? records.lower_bound(*range.high) : records.end();
  std::vector<ports::Record> found;
  if (range.high && *range.high <= range.low) return found;
  while (first != last && found.size() < limit) {
    auto at = descending ? --last : first++;
    found.push_back({at->first, at->second});
  }
  return found;
}

// Both sorted; of two records with one key the one from `over` stands.
std::vector<ports::Record> merged(std::vector<ports::Record> over, std::vector<ports::Record> under, std::size_t limit,
                                  bool descending) {
  std::vector<ports::Record> all;
  auto a = over.begin();
  auto b = under.begin();
  while (all.size() < limit && (a != over.end() || b != under.end())) {
    if (a == over.end()) {
      all.push_back(std::move(*b++));
      continue;
    }
    if (b != under.end() && b->key != a->key && (b->key < a->key) != descending) {
      all.push_back(std::move(*b++));
      continue;
    }
    if (b != under.end() && b->key == a->key) ++b;
    all.push_back(std::move(*a++));
  }
  return all;
}

}  // namespace

Result<std::optional<std::string>> GroupTransaction::get(std::string_view key) {
  auto found = overlay_.records().find(key);
  if (found != overlay_.records().end()) return std::optional<std::string>(found->second);
  return below_.get(key);
}

Result<std::vector<ports::Record>> GroupTransaction::scan(std::string_view prefix, std::string_view after,
                                                          std::size_t limit, bool descending) {
  PAWL_ASSIGN(std::vector<ports::Record> under, below_.scan(prefix, after, limit, descending));
  std::vector<ports::Record> over =
      records_in(overlay_.records(), key_range(prefix, after, descending), limit, descending);
  if (over.empty()) return under;
  return merged(std::move(over), std::move(under), limit, descending);
}

Result<std::vector<std::string>> GroupTransaction::entries(std::uint64_t first, std::size_t count) {
  std::vector<std::string> found;
  if (first < size_) {
    PAWL_ASSIGN(found, below_.entries(first, count));
  }
  const std::vector<std::string>& added = overlay_.entries();
  for (std::uint64_t at = std::max(first, size_) - size_; at < added.size() && found.size() < count; ++at) {
    found.push_back(added[at]);
  }
  return found;
}

Status GroupTransaction::put(std::string_view key, std::string_view value) {
  overlay_.put(key, value);
  return {};
}

Result<std::uint64_t> GroupTransaction::append(std::string_view entry) {
  if (entry.size() > kLargestEntry) {
    return Error(ErrorCode::kInvalid, "a ledger entry of " + std::to_string(entry.size()) + " bytes; at most " +
                                          std::to_string(kLargestEntry) + " are allowed");
  }
  overlay_.append(entry);
  return size_ + overlay_.entries().size() - 1;
}

}  // namespace pawl::sqlite

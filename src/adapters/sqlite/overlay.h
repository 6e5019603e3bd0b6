#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pawl::sqlite {

// What a group of bodies wants to write, held in memory until the commit: so a body that fails is undone without asking
// the database, and one that follows sees what the earlier ones wrote.
class Overlay {
 public:
  using Records = std::map<std::string, std::string, std::less<>>;

  void put(std::string_view key, std::string_view value);
  void append(std::string_view entry) { entries_.emplace_back(entry); }

  // Ends a body: keeps what it wrote since the last keep() or undo(), or takes it back.
  void keep();
  void undo();

  const Records& records() const { return records_; }
  const std::vector<std::string>& entries() const { return entries_; }
  bool empty() const { return records_.empty() && entries_.empty(); }

 private:
  Records records_;
  std::vector<std::string> entries_;
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;  // what the body's puts replaced, in order
  std::size_t kept_entries_ = 0;
};

}  // namespace pawl::sqlite

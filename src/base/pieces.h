#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pawl {

// Bytes that are not changed any more and live as long as somebody shares them: a string, or a part of a file.
class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(std::string text) {
    auto kept = std::make_shared<const std::string>(std::move(text));
    view_ = *kept;
    owner_ = std::move(kept);
  }
  SharedBytes(std::string_view view, std::shared_ptr<const void> owner) : view_(view), owner_(std::move(owner)) {}

  std::string_view view() const { return view_; }
  // Some of these bytes, of which `part` is a view.
  SharedBytes share(std::string_view part) const { return {part, owner_}; }

  friend bool operator==(const SharedBytes& a, std::string_view b) { return a.view() == b; }

 private:
  std::string_view view_;
  std::shared_ptr<const void> owner_;
};

// A text in pieces. A large one that is mostly what it was before is put together where it is wanted whole, and nowhere
// else.
class Pieces {
 public:
  Pieces() = default;
  Pieces(std::string whole) { append(SharedBytes(std::move(whole))); }  // NOLINT: implicit on purpose

  void append(SharedBytes piece) { pieces_.push_back(std::move(piece)); }
  void append(const Pieces& more) { pieces_.insert(pieces_.end(), more.pieces_.begin(), more.pieces_.end()); }
  const std::vector<SharedBytes>& all() const { return pieces_; }

  std::size_t size() const {
    std::size_t out = 0;
    for (const SharedBytes& piece : pieces_) out += piece.view().size();
    return out;
  }
  std::string str() const {
    std::string out;
    out.reserve(size());
    for (const SharedBytes& piece : pieces_) out += piece.view();
    return out;
  }

 private:
  std::vector<SharedBytes> pieces_;
};

}  // namespace pawl

#pragma once

#include <cstddef>
#include <utility>

namespace pawl {

// Memory straight from the system, in large pages where it gives them (Linux: madvise, MADV_HUGEPAGE): to touch a page
// for the first time costs microseconds, whatever its size. For much memory that is filled front to back.
class Pages {
 public:
  static constexpr std::size_t kLarge = std::size_t{2} << 20;

  // `bytes` is a multiple of kLarge. Throws std::bad_alloc.
  explicit Pages(std::size_t bytes);
  Pages(Pages&& other) noexcept
      : begin_(std::exchange(other.begin_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Pages& operator=(Pages&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Pages();

  std::byte* begin() const { return begin_; }

 private:
  std::byte* begin_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace pawl

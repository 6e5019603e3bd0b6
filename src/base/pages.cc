#include "base/pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace pawl {

Pages::Pages(std::size_t bytes) : bytes_(bytes) {
  // More than is wanted, so that there is a part that begins where a large page does; the rest goes back.
  std::size_t asked = bytes + kLarge;
  void* mapped = ::mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* first = static_cast<std::byte*>(mapped);
  std::size_t front = -reinterpret_cast<std::uintptr_t>(first) & (kLarge - 1);
  begin_ = first + front;
  if (front != 0) ::munmap(first, front);
  if (asked - front != bytes) ::munmap(begin_ + bytes, asked - front - bytes);
  ::madvise(begin_, bytes, MADV_HUGEPAGE);  // a wish: without it the pages are small
}

Pages::~Pages() {
  if (begin_ != nullptr) ::munmap(begin_, bytes_);
}

}  // namespace pawl

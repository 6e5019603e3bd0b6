#include "core/cel/arena.h"

#include <algorithm>

namespace pawl::cel {

namespace {

constexpr std::size_t kFirstBlock = 4096;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20;

}  // namespace

void* Arena::allocate_block(std::size_t bytes) {
  std::size_t size = std::max(bytes, std::min(kLargestBlock, std::max(kFirstBlock, 2 * block_size_)));
  used_in_blocks_ += block_size_ - left_;
  blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
  if (blocks_.size() == 1) first_size_ = size;
  std::byte* place = blocks_.back().get();
  next_ = place + bytes;
  block_size_ = size;
  left_ = size - bytes;
  return place;
}

void Arena::reset() {
  if (blocks_.empty()) return;
  blocks_.resize(1);
  next_ = blocks_.front().get();
  block_size_ = left_ = first_size_;
  used_in_blocks_ = 0;
}

}  // namespace pawl::cel

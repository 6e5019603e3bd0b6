#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace pawl::cel {

// Memory of one evaluation, given back all at once. Counts what it gives out, so that an expression that would fill the
// machine is stopped. Not thread-safe. reset() keeps the first block, so one arena serves many evaluations.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `alignment` must be a power of two, at most that of std::max_align_t.
  void* allocate(std::size_t bytes, std::size_t alignment) {
    std::size_t skip = (0 - reinterpret_cast<std::size_t>(next_)) & (alignment - 1);
    if (skip + bytes > left_) [[unlikely]]
      return allocate_block(bytes);
    std::byte* place = next_ + skip;
    next_ = place + bytes;
    left_ -= skip + bytes;
    return place;
  }
  template <class T>
    requires std::is_trivially_destructible_v<T>
  T* allocate_array(std::size_t count) {
    return static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
  }
  template <class T, class... Arguments>
    requires std::is_trivially_destructible_v<T>
  T* make(Arguments&&... arguments) {
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }
  // Returns a copy that lives as long as the arena's contents.
  std::string_view copy(std::string_view text) {
    char* place = allocate_array<char>(text.size());
    if (!text.empty()) std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }
  template <class T>
  std::span<T> copy(std::span<const T> items) {
    T* place = allocate_array<T>(items.size());
    if (!items.empty()) std::memcpy(place, items.data(), items.size() * sizeof(T));
    return {place, items.size()};
  }

  // Bytes given out since the last reset.
  std::size_t used() const { return used_in_blocks_ + block_size_ - left_; }
  void set_limit(std::size_t bytes) { limit_ = bytes; }
  bool is_over_limit() const { return used() > limit_; }
  // Whether so many more bytes stay within the limit. Who may make much out of little asks before it allocates.
  bool has_room(std::size_t bytes) const { return used() <= limit_ && bytes <= limit_ - used(); }

  void reset();

 private:
  void* allocate_block(std::size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t block_size_ = 0;
  std::size_t first_size_ = 0;
  std::size_t used_in_blocks_ = 0;
  std::size_t limit_ = std::size_t{256} << 20;
};

}  // namespace pawl::cel

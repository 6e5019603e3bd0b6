#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace pawl::render {

// Values one behind the other that are not changed any more: its own, or where they lie in bytes that outlive it. Whole
// memory is written and read as it is, so they have no gaps.
template <class T>
  requires std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>
class Rows {
 public:
  Rows() = default;
  Rows(std::vector<T> own) : own_(std::move(own)) {}         // NOLINT: implicit on purpose
  Rows(std::span<const T> elsewhere) : lying_(elsewhere) {}  // NOLINT: implicit on purpose

  std::span<const T> all() const { return own_.empty() ? lying_ : std::span<const T>(own_); }
  std::size_t size() const { return all().size(); }
  const T& operator[](std::size_t i) const { return all()[i]; }
  auto begin() const { return all().begin(); }
  auto end() const { return all().end(); }

 private:
  std::vector<T> own_;
  std::span<const T> lying_;
};

}  // namespace pawl::render

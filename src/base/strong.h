#pragma once

#include <compare>
#include <string>
#include <utility>

namespace pawl {

// A string that means one thing only: `using EnvironmentName = Strong<struct EnvironmentNameTag>`.
template <class Tag>
class Strong {
 public:
  Strong() = default;
  explicit Strong(std::string value) : value_(std::move(value)) {}
  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }
  auto operator<=>(const Strong&) const = default;

 private:
  std::string value_;
};

// Makes a callable set for std::visit out of lambdas.
template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};

}  // namespace pawl

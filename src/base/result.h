#pragma once

#include <optional>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "base/error.h"

namespace pawl {

// A value or the Error that stood in its way. Holding neither is impossible; taking the value of an error aborts.
template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;

  Result(T value) : state_(std::move(value)) {}                           // NOLINT: implicit on purpose
  Result(Error error) : state_(tl::make_unexpected(std::move(error))) {}  // NOLINT: implicit on purpose
  template <class U>
    requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> && !std::is_same_v<std::remove_cvref_t<U>, Result>)
  Result(U&& value) : state_(T(std::forward<U>(value))) {}  // NOLINT: implicit on purpose

  bool ok() const { return state_.has_value(); }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    check(ok(), "value of a failed Result");
    return *state_;
  }
  T& value() & {
    check(ok(), "value of a failed Result");
    return *state_;
  }
  // By value, so that a loop over a temporary Result's value does not dangle.
  T value() && {
    check(ok(), "value of a failed Result");
    return std::move(*state_);
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const& {
    check(!ok(), "error of a successful Result");
    return state_.error();
  }
  Error& error() & {
    check(!ok(), "error of a successful Result");
    return state_.error();
  }
  Error&& error() && {
    check(!ok(), "error of a successful Result");
    return std::move(state_.error());
  }

 private:
  tl::expected<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { check(ok(), "value of a failed Result"); }
  const Error& error() const& {
    check(!ok(), "error of a successful Result");
    return *error_;
  }
  Error& error() & {
    check(!ok(), "error of a successful Result");
    return *error_;
  }
  Error&& error() && {
    check(!ok(), "error of a successful Result");
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace pawl

#define PAWL_CONCAT_INNER(a, b) a##b
#define PAWL_CONCAT(a, b) PAWL_CONCAT_INNER(a, b)

// Returns the error of `expression` (a Result) from the enclosing function, if it is one. The expression may hold a
// lambda that uses these macros itself, so every expansion has names of its own.
#define PAWL_TRY(expression) PAWL_TRY_INNER(expression, PAWL_CONCAT(pawl_status_, __COUNTER__))
#define PAWL_TRY_INNER(expression, name)                                 \
  do {                                                                   \
    if (auto name = (expression); !name) return std::move(name).error(); \
  } while (false)

// Declares `declaration` with the value of `expression`, or returns its error: PAWL_ASSIGN(auto x, f());
#define PAWL_ASSIGN(declaration, expression) \
  PAWL_ASSIGN_INNER(declaration, expression, PAWL_CONCAT(pawl_result_, __COUNTER__))
#define PAWL_ASSIGN_INNER(declaration, expression, name) \
  auto name = (expression);                              \
  if (!name) return std::move(name).error();             \
  declaration = std::move(name).value()

// As the two above, with a frame added to the error: "while `what`".
#define PAWL_TRY_WITHIN(expression, what) \
  PAWL_TRY_WITHIN_INNER(expression, what, PAWL_CONCAT(pawl_status_, __COUNTER__))
#define PAWL_TRY_WITHIN_INNER(expression, what, name)                                 \
  do {                                                                                \
    if (auto name = (expression); !name) return std::move(name).error().within(what); \
  } while (false)
#define PAWL_ASSIGN_WITHIN(declaration, expression, what) \
  PAWL_ASSIGN_WITHIN_INNER(declaration, expression, what, PAWL_CONCAT(pawl_result_, __COUNTER__))
#define PAWL_ASSIGN_WITHIN_INNER(declaration, expression, what, name) \
  auto name = (expression);                                           \
  if (!name) return std::move(name).error().within(what);             \
  declaration = std::move(name).value()

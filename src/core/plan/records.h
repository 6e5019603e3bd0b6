#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/plan/state.h"

namespace pawl::plan {

// The state as a fold sees it: what was put lies over what `fetch` gives. A value; fetch is its only window.
class Records {
 public:
  using Fetch = std::function<Result<std::optional<std::string>>(std::string_view key)>;
  explicit Records(Fetch fetch) : fetch_(std::move(fetch)) {}
  Records()
      : fetch_([](std::string_view) -> Result<std::optional<std::string>> { return std::optional<std::string>(); }) {}

  Result<std::optional<std::string>> get(const std::string& key) const;
  // The record at `key`, or a default one.
  template <class T>
  Result<T> load(const std::string& key) const {
    PAWL_ASSIGN(std::optional<std::string> bytes, get(key));
    if (!bytes) return T{};
    return decode<T>(std::move(*bytes));
  }
  template <class T>
  Result<std::optional<T>> find(const std::string& key) const {
    PAWL_ASSIGN(std::optional<std::string> bytes, get(key));
    if (!bytes) return std::optional<T>();
    PAWL_ASSIGN(T value, decode<T>(std::move(*bytes)));
    return std::optional<T>(std::move(value));
  }
  template <class T>
  void put(const std::string& key, const T& state) {
    written_[key] = encode(state);
  }
  void put_text(const std::string& key, std::string text) { written_[key] = std::move(text); }

  const std::map<std::string, std::string>& written() const { return written_; }

 private:
  Fetch fetch_;
  std::map<std::string, std::string> written_;
};

}  // namespace pawl::plan

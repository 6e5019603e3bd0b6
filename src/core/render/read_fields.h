#pragma once

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "core/render/scalar.h"

namespace pawl::render {

// Maps of text to structs, as kustomize reads its own files: names of fields match whatever their case, null is as if
// absent, and text in the place of a number (or a number in the place of text) is wrong. A type takes part by a
// function found beside it: template <class R> void fields(R& r, Image& x) { r("name", x.name); }
struct ReadRules {
  std::string file;      // named in diagnostics
  bool unknown = false;  // whether a field that nobody asked for is ignored
  bool numbers = false;  // whether a number or a bool is taken where text belongs
};

using Pairs = std::map<std::string_view, std::string_view>;

// Something with the place that it was written at, for messages.
template <class T>
struct Placed {
  T value = {};
  Position at = {};
};
using Text = Placed<std::string_view>;

// Where in its file a value stands: "images[2].name". Put together only for messages.
class Where {
 public:
  Where() = default;
  Where(const Where& outer, std::string_view field) : outer_(&outer), field_(field) {}
  Where(const Where& outer, std::size_t element) : outer_(&outer), element_(element) {}
  std::string text() const;

 private:
  const Where* outer_ = nullptr;
  std::string_view field_;
  std::optional<std::size_t> element_;  // of a list
};

class FieldReader {
 public:
  FieldReader(const format::Value& map, const Where& where, const ReadRules& rules, std::vector<Diagnostic>& wrong)
      : map_(map), where_(where), rules_(rules), wrong_(wrong), used_(map.size(), false) {}

  template <class T>
  void operator()(std::string_view name, T& out) {
    names_.push_back(name);
    if (const format::Value* value = take(name)) read(*value, out, Where(where_, name));
  }
  // Notes every field that nobody asked for.
  void finish();

 private:
  const format::Value* take(std::string_view name);
  void fail(const format::Value& at, std::string summary);
  std::string expected(const Where& where, std::string_view what) const;

  void read(const format::Value& value, std::string_view& out, const Where& where);
  void read(const format::Value& value, bool& out, const Where& where);
  void read(const format::Value& value, std::int64_t& out, const Where& where);
  void read(const format::Value& value, Pairs& out, const Where& where);
  void read(const format::Value& value, format::Value& out, const Where&) { out = value; }
  template <class T>
  void read(const format::Value& value, Placed<T>& out, const Where& where) {
    out.at = value.at();
    read(value, out.value, where);
  }
  template <class T>
  void read(const format::Value& value, std::optional<T>& out, const Where& where) {
    read(value, out.emplace(), where);
  }
  template <class T>
  void read(const format::Value& value, std::vector<T>& out, const Where& where) {
    if (!value.is_list()) return fail(value, expected(where, "a list"));
    for (std::size_t i = 0; i < value.size(); ++i) {
      T& element = out.emplace_back();
      const format::Value& item = value.items()[i];
      if (!is_null(item)) read(item, element, Where(where, i));
    }
  }
  template <class T>
  void read(const format::Value& value, T& out, const Where& where) {
    if (!value.is_map()) return fail(value, expected(where, "a map"));
    FieldReader reader(value, where, rules_, wrong_);
    fields(reader, out);
    reader.finish();
  }

  const format::Value& map_;
  const Where& where_;
  const ReadRules& rules_;
  std::vector<Diagnostic>& wrong_;
  std::vector<bool> used_;
  std::vector<std::string_view> names_;
};

// Reads a struct from a map of text. Errors: kInvalid with every diagnostic.
template <class T>
Result<T> read_fields(const format::Value& map, const ReadRules& rules) {
  std::vector<Diagnostic> wrong;
  T out;
  if (!map.is_map()) {
    wrong.push_back({.file = rules.file, .at = map.at(), .code = "fields", .summary = "a map is expected"});
  } else {
    Where top;
    FieldReader reader(map, top, rules, wrong);
    fields(reader, out);
    reader.finish();
  }
  if (!wrong.empty()) return invalid_files(std::move(wrong));
  return out;
}

}  // namespace pawl::render

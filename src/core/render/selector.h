#pragma once

#include <optional>

#include "core/render/resource.h"
#include "core/render/types.h"
#include "format/regex.h"

namespace pawl::render {

// A regular expression that must match all of a text; "" matches any.
class Pattern {
 public:
  static Result<Pattern> compile(std::string_view text);
  bool matches(std::string_view text) const;

 private:
  Pattern(std::string_view text, std::optional<format::Regex> regex);

  std::string_view text_;
  std::optional<format::Regex> regex_;  // absent where the text is a word, which is most often
};

// A Selector, ready for work.
class SelectorPattern {
 public:
  // Errors: kInvalid for a malformed regular expression.
  static Result<SelectorPattern> compile(const Selector& selector);

  const Selector& selector() const { return selector_; }
  bool matches_gvk(const Gvk& gvk) const;
  bool matches_name(std::string_view name) const { return name_.matches(name); }
  bool matches_space(std::string_view space) const { return space_.matches(space); }
  // Whether the object has the labels and annotations. Errors: kInvalid for a malformed label selector.
  Result<bool> matches_labels(const format::Value& object) const;

 private:
  SelectorPattern(const Selector& selector, Pattern group, Pattern version, Pattern kind, Pattern name, Pattern space)
      : selector_(selector),
        group_(std::move(group)),
        version_(std::move(version)),
        kind_(std::move(kind)),
        name_(std::move(name)),
        space_(std::move(space)) {}

  Selector selector_;
  Pattern group_;
  Pattern version_;
  Pattern kind_;
  Pattern name_;
  Pattern space_;
};

// Indices of the objects that `selector` means, by their first or their present name and namespace.
Result<std::vector<std::size_t>> select(Schema& schema, const std::vector<Item>& items, const Selector& selector);

// Whether "a=b,c!=d,e in (f,g),!h,i" holds for `labels` (a map or null). Errors: kInvalid.
Result<bool> labels_match(std::string_view selector, const format::Value* labels);

}  // namespace pawl::render

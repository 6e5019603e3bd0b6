#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "format/value.h"
#include "format/yaml_string.h"

namespace pawl::format {

// What a YAML document looks like beyond what it says: the quotes of its scalars, which collections stand in brackets,
// and its comments, by the places at which things stand. So a text in which one value changes can be printed as go-yaml
// v3 prints the nodes that it read: laid out anew, but in the style that everything had.
class YamlLayout {
 public:
  // Of the first document. nullopt where that is not well-formed, or has anchors, aliases or tags, which no Value
  // keeps.
  static std::optional<YamlLayout> read(std::string_view text);

  // Prints what parse_yaml() with YamlSchema::kText made of the same text, changed since or not: keys in their order,
  // what has no place in the text in the style that suits it. No line break at the end.
  std::string render(const Value& document) const;

 private:
  friend class LayoutReader;
  friend class LayoutPrinter;

  // Lines of comments, with their signs and without indentation.
  struct Comments {
    std::string head;  // above
    std::string line;  // behind, on the same line
    std::string foot;  // below
  };

  struct Scalar {
    YamlStyle style = YamlStyle::kPlain;
    std::string text;  // of a plain one
  };

  std::map<Position, Scalar> scalars_;      // keys too
  std::set<Position> brackets_;             // collections that stand in them
  std::map<Position, Comments> keys_;       // of members, by their keys
  std::map<Position, Comments> elements_;   // of lists
  std::map<Position, std::string> behind_;  // comments behind scalars and behind collections in brackets
  std::string head_;                        // of the document, set off by an empty line
  std::string foot_;
};

}  // namespace pawl::format

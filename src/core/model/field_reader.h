#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "core/model/definitions.h"
#include "format/value.h"

namespace pawl::model {

// One map of a project file: the value, how people name it ("environments[1].gates[0]"), and its place in the table.
struct Node {
  const format::Value* value = nullptr;
  std::string where;
  std::string schema;
};

// The code of what may hold a secret: its line is not shown.
inline constexpr std::string_view kSecretCode = "secret";

// Reads fields strictly by the table of definitions and notes everything that is wrong, each place once.
class FieldReader {
 public:
  FieldReader(std::string file, std::string_view text) : file_(std::move(file)), text_(text) {}

  // Notes a diagnostic under `value`, or under the key it stands at.
  void error(Position at, std::size_t length, std::string_view code, std::string summary, std::string suggestion = {},
             std::string help = {});
  void error(const format::Value& value, std::string_view code, std::string summary, std::string help = {},
             std::string suggestion = {});
  void warning(const format::Value& value, std::string_view code, std::string summary, std::string help = {});

  // Whether the node is a map; notes unknown fields ("did you mean"), fields that are missing, wrong words.
  // `optional_here`: required fields that another place supplies.
  bool open(const Node& node, const std::set<std::string_view>& optional_here = {});

  const format::Value* field(const Node& node, std::string_view name) const { return node.value->find(name); }
  Node child(const Node& node, std::string_view name) const;
  // The maps of a list field; elements that are none are noted and left out.
  std::vector<Node> maps(const Node& node, std::string_view name);
  // The one member of a one-key map: name and node; nullopt (and noted) when it does not have exactly one.
  std::optional<std::pair<std::string, Node>> union_member(const Node& node);

  // Values of a field; the default (and a note) when it has another type.
  std::string text(const Node& node, std::string_view name, std::string fallback = {});
  std::vector<std::string> texts(const Node& node, std::string_view name);
  std::vector<std::string> texts_of(const format::Value& value, const std::string& where);
  Duration duration(const Node& node, std::string_view name, Duration fallback = {});
  std::uint32_t count(const Node& node, std::string_view name, std::uint32_t fallback);
  bool flag(const Node& node, std::string_view name, bool fallback);
  // A map from keys to strings.
  std::map<std::string, std::string> strings(const Node& node, std::string_view name);
  // A map from keys (those that the table allows) to lists of strings.
  std::map<std::string, std::vector<std::string>> lists(const Node& node, std::string_view name);

  // Where something is noted that stands in another file: `defaults` as an environment in a file of its own sees them.
  void stand_in(Position at) { stand_in_ = at; }

  const std::string& file() const { return file_; }
  std::vector<Diagnostic> take() { return std::move(diagnostics_); }

 private:
  void unknown_field(const Node& node, const format::Member& member);
  void unknown_key(const Node& node, const format::Member& member, std::string_view words);
  void check_shape(const Node& node, const FieldDefinition& definition);
  bool check_word(const format::Value& value, const std::string& where, std::string_view words);
  bool check_format(const format::Value& value, const std::string& where, FieldType type);
  void note(Diagnostic diagnostic);

  std::string file_;
  std::string_view text_;
  std::vector<Diagnostic> diagnostics_;
  std::set<std::pair<Position, std::string>> noted_;
  Position stand_in_{1, 1};
};

}  // namespace pawl::model

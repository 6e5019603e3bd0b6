#include <algorithm>

#include "format/same_key.h"
#include "format/yaml_readers.h"
#include "format/yaml_scalar.h"
#include "format/yaml_scanner.h"

namespace pawl::format {

namespace {

bool has_duplicate(std::span<const Member> members) {
  constexpr std::size_t kPairwise = 24;
  if (members.size() <= kPairwise) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (same_key(members[i].key, members[k].key)) return true;
      }
    }
    return false;
  }
  std::vector<std::string_view> keys;
  keys.reserve(members.size());
  for (const Member& member : members) keys.push_back(member.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

enum class Place : std::uint8_t { kMember, kEntry };  // behind "key:" or behind "-"

// Every reading function returns false for what it leaves to the other reader. Block nodes begin at the cursor and
// leave it at the first character of the next line that has one, of which column_ is the column; kNone where the
// document ends. Flow nodes leave it right behind themselves. `indent` is the column of the block collection around; -1
// at the top.
class FastReader : private YamlScanner {
 public:
  FastReader(Arena& arena, std::string_view text, const YamlOptions& options)
      : YamlScanner(arena, text), options_(options) {}

  bool read(std::vector<Value>& documents) {
    if (!find_content()) return false;
    for (bool first = true; at_ != end_; first = false) {
      bool marked = column_ == kNone;
      if (marked ? !start_document() : !first) return false;
      Value root;
      if (!root_node(root)) return false;
      if (!root.is_null()) documents.push_back(root);
    }
    return true;
  }

 private:
  bool count(std::size_t depth) { return depth <= options_.max_depth && ++nodes_ <= limits::kNodes; }

  bool start_document() {
    if (*at_ != '-') return false;
    at_ += 3;
    return next_line();
  }

  bool root_node(Value& out) {
    if (column_ == kNone) return count(1);
    return node(kNone, 1, true, out) && column_ == kNone;
  }

  // --- block nodes ---

  // `compact`: a collection may begin here, behind other tokens of the line or none.
  bool node(std::int64_t indent, std::size_t depth, bool compact, Value& out) {
    if (!count(depth)) return false;
    if (is_entry()) return compact && sequence(depth, false, out);
    if (*at_ == '[' || *at_ == '{') return flow_collection(depth, out) && next_line();
    YamlToken scalar;
    if (*at_ == '|' || *at_ == '>') return scan_block(indent, scalar) && find_content() && finish(scalar, out);
    if (!block_scalar_or_key(scalar)) return false;
    if (take_colon(scalar)) return compact && mapping(scalar, depth, out);
    if (!(scalar.quoted ? next_line() : continue_plain(indent, scalar))) return false;
    return finish(scalar, out);
  }

  bool mapping(YamlToken key, std::size_t depth, Value& out) {
    Position at = key.at;
    std::int64_t indent = std::int64_t{at.column} - 1;
    std::size_t base = members_.size();
    for (;;) {
      if (!key.quoted && key.text == "<<") return false;
      Value value;
      if (!value_behind(indent, depth + 1, Place::kMember, value)) return false;
      members_.push_back({key.text, value, key.at});
      if (column_ != indent) break;
      if (is_entry() || !block_scalar_or_key(key) || !take_colon(key)) return false;
    }
    return column_ < indent && finish_map(base, at, out);
  }

  // `indentless`: the entries stand in the column of the key that they belong to.
  bool sequence(std::size_t depth, bool indentless, Value& out) {
    Position at = position();
    std::int64_t indent = column();
    std::size_t base = items_.size();
    do {
      ++at_;
      Value item;
      if (!value_behind(indent, depth + 1, Place::kEntry, item)) return false;
      items_.push_back(item);
    } while (column_ == indent && is_entry());
    bool ends = column_ < indent || (indentless && column_ == indent);
    return ends && finish_list(base, at, out);
  }

  bool value_behind(std::int64_t indent, std::size_t depth, Place place, Value& out) {
    Position behind = position();
    skip_spaces();
    if (!at_line_end()) return node(indent, depth, place == Place::kEntry, out);
    if (!next_line()) return false;
    if (column_ > indent) return node(indent, depth, true, out);
    if (!count(depth)) return false;
    if (column_ == indent && place == Place::kMember && is_entry()) return sequence(depth, true, out);
    out = Value::null();
    out.set_at(behind);
    return true;
  }

  bool finish(const YamlToken& scalar, Value& out) {
    if (scalar.text.size() > limits::kScalarBytes) return false;
    out = scalar.quoted ? Value::string_ref(scalar.text) : resolve_plain(arena_, scalar.text, options_.schema);
    out.set_quoted(scalar.quoted);
    out.set_at(scalar.at);
    return true;
  }
  bool finish_map(std::size_t base, Position at, Value& out) {
    std::span<const Member> members = std::span<const Member>(members_).subspan(base);
    if (has_duplicate(members)) return false;
    out = Value::map(arena_, members);
    out.set_at(at);
    members_.resize(base);
    return true;
  }
  bool finish_list(std::size_t base, Position at, Value& out) {
    out = Value::list(arena_, std::span<const Value>(items_).subspan(base));
    out.set_at(at);
    items_.resize(base);
    return true;
  }

  // --- flow collections ---

  bool flow_collection(std::size_t depth, Value& out) {
    return *at_ == '[' ? flow_list(depth, out) : flow_map(depth, out);
  }

  bool flow_node(std::size_t depth, Value& out) {
    if (!count(depth)) return false;
    if (*at_ == '[' || *at_ == '{') return flow_collection(depth, out);
    YamlToken scalar;
    return flow_scalar(scalar) && finish(scalar, out);
  }

  // Behind an element: "," or, without taking it, `close`.
  bool end_element(char close) {
    if (!skip_flow_space()) return false;
    if (*at_ == close) return true;
    return *at_++ == ',' && skip_flow_space();
  }

  bool flow_list(std::size_t depth, Value& out) {
    Position at = position();
    std::size_t base = items_.size();
    ++at_;
    if (!skip_flow_space()) return false;
    while (*at_ != ']') {
      Value item;
      if (!flow_node(depth + 1, item)) return false;
      items_.push_back(item);
      if (!end_element(']')) return false;
    }
    ++at_;
    return finish_list(base, at, out);
  }

  bool flow_map(std::size_t depth, Value& out) {
    Position at = position();
    std::size_t base = members_.size();
    ++at_;
    if (!skip_flow_space()) return false;
    while (*at_ != '}') {
      YamlToken key;
      Value value;
      if (!flow_scalar(key) || !take_flow_colon(key)) return false;
      if (!skip_flow_space() || !flow_node(depth + 1, value)) return false;
      members_.push_back({key.text, value, key.at});
      if (!end_element('}')) return false;
    }
    ++at_;
    return finish_map(base, at, out);
  }

  const YamlOptions& options_;
  std::size_t nodes_ = 0;
  std::vector<Value> items_;     // of all lists that are open, the innermost last
  std::vector<Member> members_;  // of all maps that are open
};

}  // namespace

bool read_yaml_fast(Arena& arena, std::string_view text, const YamlOptions& options, std::vector<Value>& documents) {
  return is_common_yaml(text) && FastReader(arena, text, options).read(documents);
}

}  // namespace pawl::format

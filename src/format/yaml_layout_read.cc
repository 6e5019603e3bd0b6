#include <yaml.h>

#include <algorithm>
#include <vector>

#include "base/limits.h"
#include "format/yaml_layout.h"

namespace pawl::format {

namespace {

using Line = std::uint32_t;  // from 1

Position position(const yaml_mark_t& mark) {
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

// A comment with its place.
struct Comment {
  Position at;
  std::string_view text;
  bool alone = false;  // on its line
};

// As libyaml counts columns.
std::uint32_t characters(std::string_view text) {
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

// Follows the events of a document and then its lines; comments find their owners by the rules of go-yaml's scanner.
class LayoutReader {
 public:
  explicit LayoutReader(std::string_view text) {
    for (std::string_view rest = text; !rest.empty();) {
      lines_.push_back(rest.substr(0, rest.find('\n')));
      rest.remove_prefix(std::min(rest.size(), lines_.back().size() + 1));
    }
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  LayoutReader(const LayoutReader&) = delete;
  LayoutReader& operator=(const LayoutReader&) = delete;
  ~LayoutReader() { yaml_parser_delete(&parser_); }

  std::optional<YamlLayout> read() {
    if (!read_events()) return std::nullopt;
    read_lines();
    return std::move(out_);
  }

 private:
  using Comments = YamlLayout::Comments;

  struct Open {
    bool map = false;
    bool flow = false;
    bool key_next = false;
    std::uint32_t column = 0;
    Position at;
  };
  // A member or an element: what comments belong to.
  struct Entry {
    Position at;
    std::uint32_t column = 0;  // of its collection
    Position collection;
    bool key = false;
    Comments* comments = nullptr;
  };
  // What a comment on the same line stands behind.
  struct Carrier {
    Position end;
    std::string* comment = nullptr;
  };
  struct Span {
    Position begin;
    Position end;
  };

  bool read_events() {
    for (std::size_t nodes = 0; nodes <= limits::kNodes;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return false;
      yaml_event_type_t type = event.type;
      bool kept = keep(event);
      yaml_event_delete(&event);
      if (!kept || open_.size() > limits::kDepth) return false;
      if (type == YAML_DOCUMENT_END_EVENT) return true;
      if (type == YAML_STREAM_END_EVENT) return false;
      ++nodes;
    }
    return false;
  }

  // False for what a layout does not know.
  bool keep(const yaml_event_t& event) {
    Position at = position(event.start_mark);
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        if (event.data.scalar.anchor != nullptr || event.data.scalar.tag != nullptr) return false;
        scalar(event, at);
        return true;
      case YAML_SEQUENCE_START_EVENT:
        if (event.data.sequence_start.anchor != nullptr || event.data.sequence_start.tag != nullptr) return false;
        return collection(at, false, event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
      case YAML_MAPPING_START_EVENT:
        if (event.data.mapping_start.anchor != nullptr || event.data.mapping_start.tag != nullptr) return false;
        return collection(at, true, event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        if (open_.back().flow) carriers_.push_back({position(event.end_mark), &out_.behind_[open_.back().at]});
        open_.pop_back();
        return true;
      case YAML_STREAM_START_EVENT:
      case YAML_DOCUMENT_START_EVENT:
      case YAML_DOCUMENT_END_EVENT:
        return true;
      case YAML_NO_EVENT:
      case YAML_STREAM_END_EVENT:
      case YAML_ALIAS_EVENT:
        break;
    }
    return false;
  }

  // Notes where a node stands in its collection. Returns whether it is a key.
  bool enter(Position at) {
    if (open_.empty()) return false;
    Open& top = open_.back();
    bool key = top.map && top.key_next;
    top.key_next = top.map && !top.key_next;
    if (!top.flow && (key || !top.map)) {
      Comments& comments = (key ? out_.keys_ : out_.elements_)[at];
      entries_.push_back({at, top.column, top.at, key, &comments});
    }
    return key;
  }

  void scalar(const yaml_event_t& event, Position at) {
    bool key = enter(at);
    YamlStyle style = YamlStyle::kPlain;
    if (event.data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE) style = YamlStyle::kSingle;
    if (event.data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) style = YamlStyle::kDouble;
    if (event.data.scalar.style == YAML_LITERAL_SCALAR_STYLE) style = YamlStyle::kLiteral;
    if (event.data.scalar.style == YAML_FOLDED_SCALAR_STYLE) style = YamlStyle::kFolded;
    bool plain = style == YamlStyle::kPlain;
    auto* text = reinterpret_cast<const char*>(event.data.scalar.value);
    out_.scalars_[at] = {style, plain ? std::string(text, event.data.scalar.length) : std::string()};
    Position end = position(event.end_mark);
    bool is_block = style == YamlStyle::kLiteral || style == YamlStyle::kFolded;
    if (is_block) end = without_blanks(end);
    spans_.push_back({at, end});
    bool block = open_.empty() || !open_.back().flow;
    if (!is_block) carriers_.push_back({end, key && block ? &out_.keys_[at].line : &out_.behind_[at]});
  }

  // Blank lines at the end of a block are as good as behind it.
  Position without_blanks(Position end) const {
    bool at_end_of_line = end.line <= lines_.size() && end.column > characters(lines_[end.line - 1]);
    Line line = std::min(at_end_of_line ? end.line + 1 : end.line, static_cast<Line>(lines_.size()) + 1);
    while (line > 1 && is_blank(lines_[line - 2])) --line;
    return {line, 1};
  }

  bool collection(Position at, bool map, bool flow) {
    if (enter(at)) return false;
    bool inside = !open_.empty() && open_.back().flow;
    open_.push_back({map, flow || inside, map, at.column - 1, at});
    if (flow || inside) out_.brackets_.insert(at);
    return true;
  }

  // Splits the text into lines, and gives every run of lines without content to what stands around it.
  void read_lines() {
    std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
    std::vector<Comment> gap;
    Line last_content = 0;
    for (Line number = 1; number <= lines_.size(); ++number) {
      std::string_view line = lines_[number - 1];
      std::optional<Comment> comment = comment_on(line, number);
      bool blank = is_blank(line) && !is_covered({number, 1});
      if (comment && comment->alone) {
        gap.push_back(*comment);
      } else if (blank) {
        gap.push_back({{number, 0}, {}, true});
      } else {
        std::size_t column = line.find_first_not_of(" \t");
        close_gap(gap, last_content, static_cast<std::uint32_t>(column == std::string_view::npos ? 0 : column), false);
        gap.clear();
        last_content = number;
        if (comment) put_behind(*comment);
        std::string_view content = line.substr(0, comment ? line.size() - comment->text.size() : line.size());
        takes_foot_ = !ends_in_colon(content, number);
      }
    }
    close_gap(gap, last_content, 0, true);
  }

  bool is_covered(Position at) const {
    auto after =
        std::upper_bound(spans_.begin(), spans_.end(), at, [](Position p, const Span& span) { return p < span.begin; });
    return after != spans_.begin() && at < std::prev(after)->end;
  }

  std::optional<Comment> comment_on(std::string_view line, Line number) const {
    std::size_t counted = 0;  // bytes of the line, which are as many characters as the column says
    std::uint32_t column = 1;
    for (std::size_t i = line.find('#'); i != std::string_view::npos; i = line.find('#', i + 1)) {
      column += characters(line.substr(counted, i - counted));
      counted = i;
      if ((i != 0 && line[i - 1] != ' ' && line[i - 1] != '\t') || is_covered({number, column})) continue;
      std::string_view text = line.substr(i);
      while (text.ends_with('\r')) text.remove_suffix(1);
      return Comment{{number, column}, text, line.substr(0, i).find_first_not_of(" \t") == std::string_view::npos};
    }
    return std::nullopt;
  }

  void put_behind(const Comment& comment) {
    auto after = std::upper_bound(carriers_.begin(), carriers_.end(), comment.at,
                                  [](Position p, const Carrier& carrier) { return p < carrier.end; });
    if (after == carriers_.begin()) return;
    const Carrier& carrier = *std::prev(after);
    if (carrier.end.line == comment.at.line) *carrier.comment = comment.text;
  }

  // The lines between two that have content: comments, and blanks (column 0). `column` is where the next content
  // begins. A comment that follows content and is followed by a blank line belongs to what is before it, and so does
  // one that is less indented; all others belong to what comes behind.
  void close_gap(const std::vector<Comment>& gap, Line last_content, std::uint32_t column, bool at_end) {
    std::uint32_t indent = indent_before(gap, last_content);
    std::string text;
    Position start;
    bool first_blank = true;
    bool after_blank = false;
    auto is_foot = [&] {
      bool follows = start.line == last_content + 1 && takes_foot_;
      return first_blank && (follows || start.column - 1 < indent);
    };
    for (const Comment& line : gap) {
      if (line.text.empty()) {
        if (!after_blank && !text.empty()) {
          if (last_content != 0 && is_foot())
            put_below(start, indent, text);
          else
            text += '\n';
        }
        first_blank = false;
        after_blank = true;
        continue;
      }
      bool strays = line.at.column - 1 < indent && line.at.column != start.column;
      if (!text.empty() && strays) put_below(start, indent, text);
      if (text.empty())
        start = line.at;
      else
        text += '\n';
      text += line.text;
      after_blank = false;
    }
    if (text.empty()) return;
    bool dedents = column < indent && column + 1 != start.column;
    if (at_end ? !after_blank && last_content != 0 && is_foot() : dedents)
      put_below(start, indent, text);
    else if (at_end)
      out_.foot_ = text;
    else
      put_above(start, last_content == 0, std::move(text));
  }

  bool ends_in_colon(std::string_view line, Line number) const {
    std::size_t last = line.find_last_not_of(" \t\r");
    return last != std::string_view::npos && line[last] == ':' &&
           !is_covered({number, characters(line.substr(0, last)) + 1});
  }

  // How far the collection is indented in which the content before a gap stands.
  std::uint32_t indent_before(const std::vector<Comment>& gap, Line last_content) const {
    if (gap.empty()) return 0;
    auto after = first_entry_behind({last_content + 1, 0});
    return after == entries_.begin() ? 0 : std::prev(after)->column;
  }

  std::vector<Entry>::const_iterator first_entry_behind(Position at) const {
    return std::upper_bound(entries_.begin(), entries_.end(), at,
                            [](Position p, const Entry& entry) { return p < entry.at; });
  }

  void put_below(Position start, std::uint32_t indent, std::string& text) {
    bool dedented = start.column - 1 < indent;
    auto owner = first_entry_behind(start);
    if (dedented && owner != entries_.end()) {
      // What is less indented than the content before it is noted with what comes, and a map gives it to the member
      // before that one; a list does not.
      if (owner->key) owner = sibling_before(owner);
    } else {
      if (owner == entries_.begin()) return text.clear();
      --owner;
      while (dedented && owner != entries_.begin() && owner->column > start.column - 1) --owner;
    }
    owner->comments->foot = text;
    text.clear();
  }

  std::vector<Entry>::const_iterator sibling_before(std::vector<Entry>::const_iterator entry) const {
    for (auto at = entry; at != entries_.begin();) {
      --at;
      if (at->key && at->collection == entry->collection) return at;
    }
    return entry;
  }

  void put_above(Position start, bool first, std::string text) {
    if (first) {
      // What an empty line sets off is the document's.
      std::size_t end = text.ends_with('\n') ? text.size() - 1 : text.rfind("\n\n");
      if (end != std::string::npos) {
        out_.head_ = text.substr(0, end);
        text.erase(0, std::min(text.size(), end + 2));
      }
    }
    if (text.ends_with('\n')) text.pop_back();
    auto owner = first_entry_behind(start);
    if (owner != entries_.end() && !text.empty()) owner->comments->head = std::move(text);
  }

  std::vector<std::string_view> lines_;
  yaml_parser_t parser_{};
  YamlLayout out_;
  std::vector<Open> open_;
  std::vector<Entry> entries_;     // in order
  std::vector<Carrier> carriers_;  // by their ends
  std::vector<Span> spans_;        // of scalars: what a comment cannot begin in
  bool takes_foot_ = false;        // the last line with content does not end in a key whose value follows
};

std::optional<YamlLayout> YamlLayout::read(std::string_view text) { return LayoutReader(text).read(); }

}  // namespace pawl::format

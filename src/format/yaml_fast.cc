#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "format/yaml_readers.h"
#include "format/yaml_scalar.h"

namespace pawl::format {

namespace {

// What a byte may mean, as bits, so that one look into a table ends a run of bytes that mean nothing.
enum ByteKind : std::uint8_t {
  kEndsPlain = 1,      // of a block: what may end a plain scalar
  kEndsFlowPlain = 2,  // the same inside [] and {}
  kEndsSingle = 4,     // what interrupts a single-quoted scalar
  kEndsDouble = 8,     // what interrupts a double-quoted one
  kContinuation = 16,  // a byte that is no column of its own
  kNoPlainStart = 32,  // what a plain scalar cannot begin with
  kUncommon = 64,      // not read here at all
  kLead = 128,         // begins a character of several bytes
};

constexpr std::array<std::uint8_t, 256> make_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  auto add = [&](std::string_view bytes, int bits) {
    for (char c : bytes) {
      std::uint8_t& kind = kinds[static_cast<unsigned char>(c)];
      kind = static_cast<std::uint8_t>(kind | bits);
    }
  };
  constexpr std::string_view kEnd("\n\0", 2);
  for (std::size_t c = 1; c < 0x20; ++c) {
    if (c != '\n' && c != '\t') kinds[c] = kUncommon;
  }
  kinds[0x7F] = kUncommon;
  for (std::size_t c = 0x80; c < 0xC0; ++c) kinds[c] = kContinuation;
  for (std::size_t c = 0xC0; c < 0x100; ++c) kinds[c] = kLead;
  add(kEnd, kEndsPlain | kEndsFlowPlain | kEndsSingle | kEndsDouble | kNoPlainStart);
  add(":#\t", kEndsPlain | kEndsFlowPlain);
  add(",[]{}?", kEndsFlowPlain);
  add("'", kEndsSingle);
  add("\"\\", kEndsDouble);
  add(" \t,[]{}#&*!|>'\"%@`", kNoPlainStart);
  return kinds;
}

constexpr std::array<std::uint8_t, 256> kKinds = make_kinds();

std::uint8_t byte_kind(char c) { return kKinds[static_cast<unsigned char>(c)]; }
bool is_break_or_end(char c) { return c == '\n' || c == '\0'; }
bool is_blank_or_end(char c) { return c == ' ' || c == '\t' || is_break_or_end(c); }

// U+0080 to U+009F (NEL is a line break), U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF.
bool is_rare(std::string_view rest) {
  std::string_view two = rest.substr(0, 2);
  std::string_view three = rest.substr(0, 3);
  if (rest[0] == '\xC2') return two < "\xC2\xA0";
  return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" || three == "\xEF\xBB\xBF" || three == "\xEF\xBF\xBE" ||
         three == "\xEF\xBF\xBF";
}

// Whether all of `text` is UTF-8 of which every character is a column, and every line ends in "\n".
bool is_common(std::string_view text) {
  int kinds = 0;
  for (char c : text) kinds |= byte_kind(c);
  if ((kinds & kUncommon) != 0) return false;
  if ((kinds & (kContinuation | kLead)) == 0) return true;
  if (!is_valid_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((byte_kind(text[i]) & kLead) != 0 && is_rare(text.substr(i))) return false;
  }
  return true;
}

void append_utf8(std::string& out, char32_t c) {
  auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | (c >> 6));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

bool has_duplicate(std::span<const Member> members) {
  constexpr std::size_t kPairwise = 24;
  if (members.size() <= kPairwise) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (members[i].key == members[k].key) return true;
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

// A scalar and where it begins.
struct Scalar {
  std::string_view text;
  Position at;
  bool quoted = false;
};

enum class Place : std::uint8_t { kMember, kEntry };  // behind "key:" or behind "-"

// Every reading function returns false for what it leaves to the other reader. Block nodes begin at the cursor and
// leave it at the first character of the next line that has one, of which column_ is the column; kNone where the
// document ends. Flow nodes leave it right behind themselves. `indent` is the column of the block collection around; -1
// at the top.
class FastReader {
 public:
  FastReader(Arena& arena, std::string_view text, const YamlOptions& options)
      : arena_(arena), options_(options), at_(text.data()), end_(text.data() + text.size()), line_start_(text.data()) {}

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
  static constexpr std::int64_t kNone = -1;
  static constexpr std::ptrdiff_t kLongestKey = 1000;  // YAML's bound is 1024 characters

  bool count(std::size_t depth) { return depth <= options_.max_depth && ++nodes_ <= limits::kNodes; }
  std::int64_t column() const { return at_ - line_start_; }
  Position position() const { return {line_ + 1, static_cast<std::uint32_t>(column()) + 1}; }

  // --- lines ---

  void skip_spaces() {
    while (*at_ == ' ') ++at_;
  }
  void skip_rest_of_line() {
    const void* found = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_));
    at_ = found == nullptr ? end_ : static_cast<const char*>(found);
  }
  void new_line() {
    ++at_;
    ++line_;
    line_start_ = at_;
  }
  bool at_line_end() const { return is_break_or_end(*at_) || *at_ == '#'; }
  bool at_marker() const {
    bool three = std::strncmp(at_, "---", 3) == 0 || std::strncmp(at_, "...", 3) == 0;
    return three && is_blank_or_end(at_[3]);
  }

  // From within the indentation of a line.
  bool find_content() {
    for (;;) {
      skip_spaces();
      if (*at_ == '#') {
        commented_ = true;
        skip_rest_of_line();
      }
      if (*at_ != '\n') break;
      new_line();
    }
    bool ends = at_ == end_ || (column() == 0 && at_marker());
    column_ = ends ? kNone : column();
    return *at_ != '\t';
  }

  // From behind a node, which must be the last of its line.
  bool next_line() {
    skip_spaces();
    commented_ = *at_ == '#';
    if (commented_) {
      if (at_[-1] != ' ') return false;
      skip_rest_of_line();
    }
    if (*at_ == '\n')
      new_line();
    else if (at_ != end_)
      return false;
    return find_content();
  }

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

  bool is_entry() const { return *at_ == '-' && is_blank_or_end(at_[1]); }

  // `compact`: a collection may begin here, behind other tokens of the line or none.
  bool node(std::int64_t indent, std::size_t depth, bool compact, Value& out) {
    if (!count(depth)) return false;
    if (is_entry()) return compact && sequence(depth, false, out);
    if (*at_ == '[' || *at_ == '{') return flow_collection(depth, out) && next_line();
    if (*at_ == '|' || *at_ == '>') return block_scalar(indent, out);
    Scalar scalar;
    if (!block_scalar_or_key(scalar)) return false;
    if (take_colon(scalar)) return compact && mapping(scalar, depth, out);
    if (!(scalar.quoted ? next_line() : continue_plain(indent, scalar))) return false;
    return finish(scalar, out);
  }

  bool mapping(Scalar key, std::size_t depth, Value& out) {
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

  bool finish(const Scalar& scalar, Value& out) {
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

  // --- scalars ---

  // Moves to the next byte of the kinds in `ends`.
  void run_to(std::uint8_t ends) {
    for (;; ++at_) {
      while ((byte_kind(*at_) & (ends | kContinuation)) == 0) ++at_;
      if ((byte_kind(*at_) & kContinuation) == 0) return;
      ++line_start_;
    }
  }

  // The first line of a plain scalar, or a quoted one whole.
  bool block_scalar_or_key(Scalar& out) {
    out.at = position();
    out.quoted = *at_ == '"' || *at_ == '\'';
    return out.quoted ? scan_quoted(out.text) : scan_plain(kEndsPlain, out.text);
  }

  // Takes the ':' that makes a key of the scalar before it.
  bool take_colon(const Scalar& key) {
    if (key.at.line != line_ + 1) return false;
    const char* colon = at_;
    while (*colon == ' ') ++colon;
    bool is_key = *colon == ':' && is_blank_or_end(colon[1]);
    if (!is_key || colon - line_start_ > std::ptrdiff_t{key.at.column} + kLongestKey) return false;
    at_ = colon + 1;
    return true;
  }

  bool scan_plain(std::uint8_t ends, std::string_view& out) {
    if ((byte_kind(*at_) & kNoPlainStart) != 0) return false;
    bool indicates = *at_ == '-' || *at_ == '?' || *at_ == ':';
    if (indicates && (is_blank_or_end(at_[1]) || (ends == kEndsFlowPlain && *at_ != '-'))) return false;
    return scan_plain_line(ends, out);
  }

  // What of this line belongs to a plain scalar.
  bool scan_plain_line(std::uint8_t ends, std::string_view& out) {
    const char* start = at_;
    for (;; ++at_) {
      run_to(ends);
      if (*at_ == ':') {
        if (is_blank_or_end(at_[1])) break;
        if (ends == kEndsFlowPlain && (byte_kind(at_[1]) & kEndsFlowPlain) != 0) return false;
      } else if (*at_ == '#') {
        if (at_ != start && at_[-1] == ' ') break;
      } else {
        break;
      }
    }
    if (*at_ == '\t' || *at_ == '?') return false;
    while (at_ != start && at_[-1] == ' ') --at_;
    out = {start, static_cast<std::size_t>(at_ - start)};
    return at_ != start;
  }

  // Further lines of a plain scalar in a block: those that are indented more than what is around it.
  bool continue_plain(std::int64_t indent, Scalar& scalar) {
    std::uint32_t last = line_;
    if (!next_line()) return false;
    if (column_ <= indent) return true;
    buffer_.assign(scalar.text);
    while (column_ > indent) {
      if (commented_) return false;
      append_breaks(line_ - last);
      last = line_;
      std::string_view piece;
      if (!scan_plain_line(kEndsPlain, piece)) return false;
      buffer_ += piece;
      if (!next_line()) return false;
    }
    scalar.text = arena_.copy(buffer_);
    return true;
  }

  // One line break folds into a space, more into one less.
  void append_breaks(std::uint32_t breaks) {
    if (breaks == 1)
      buffer_ += ' ';
    else
      buffer_.append(breaks - 1, '\n');
  }

  bool scan_quoted(std::string_view& out) {
    char quote = *at_++;
    const char* start = at_;
    std::uint8_t ends = quote == '"' ? kEndsDouble : kEndsSingle;
    run_to(ends);
    bool simple = *at_ == quote && (quote == '"' || at_[1] != quote);
    if (simple) {
      out = {start, static_cast<std::size_t>(at_ - start)};
      ++at_;
      return true;
    }
    buffer_.assign(start, at_);
    if (!scan_quoted_rest(quote, ends)) return false;
    out = arena_.copy(buffer_);
    return true;
  }

  // From the first byte that is not itself; what was before is in the buffer.
  bool scan_quoted_rest(char quote, std::uint8_t ends) {
    std::size_t kept = 0;  // of the buffer; blanks behind it may be at the end of a line
    for (;;) {
      if (*at_ == quote) {
        ++at_;
        if (quote == '"' || *at_ != quote) return true;
        buffer_ += *at_++;
      } else if (*at_ == '\n') {
        if (!fold_quoted(kept)) return false;
      } else if (*at_ == '\\') {
        if (!take_escape()) return false;
        kept = buffer_.size();
      } else {
        return false;
      }
      const char* start = at_;
      run_to(ends);
      buffer_.append(start, at_);
    }
  }

  bool fold_quoted(std::size_t kept) {
    while (buffer_.size() > kept && (buffer_.back() == ' ' || buffer_.back() == '\t')) buffer_.pop_back();
    std::uint32_t breaks = 0;
    while (*at_ == '\n') {
      new_line();
      ++breaks;
      if (at_marker()) return false;
      while (*at_ == ' ' || *at_ == '\t') ++at_;
    }
    append_breaks(breaks);
    return true;
  }

  bool take_escape() {
    constexpr std::string_view kNames = "0abtnvfre \"/\\";
    constexpr std::string_view kBytes("\0\a\b\t\n\v\f\r\x1B \"/\\", 13);
    char name = at_[1];
    if (std::size_t found = kNames.find(name); found != std::string_view::npos) {
      buffer_ += kBytes[found];
      at_ += 2;
      return true;
    }
    std::size_t digits = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : 0;
    char32_t code = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      int digit = hex_digit(at_[2 + i]);
      if (digit < 0) return false;
      code = code << 4 | static_cast<char32_t>(digit);
    }
    bool is_character = digits != 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
    if (!is_character) return false;
    append_utf8(buffer_, code);
    at_ += 2 + digits;
    return true;
  }
  static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }

  // --- block scalars ---

  struct BlockStyle {
    bool folded = false;
    char chomping = ' ';  // '-', '+', or neither
    std::int64_t increment = 0;
  };

  bool block_scalar(std::int64_t indent, Value& out) {
    Scalar scalar{.text = {}, .at = position(), .quoted = true};
    BlockStyle style;
    if (!scan_block_header(style)) return false;
    std::int64_t content = 0;
    if (style.increment != 0)
      content = std::max<std::int64_t>(indent, 0) + style.increment;
    else if (!find_block_indent(indent, content))
      return false;
    buffer_.clear();
    if (!scan_block_lines(style, content)) return false;
    scalar.text = arena_.copy(buffer_);
    return find_content() && finish(scalar, out);
  }

  bool scan_block_header(BlockStyle& style) {
    style.folded = *at_++ == '>';
    for (;; ++at_) {
      if ((*at_ == '-' || *at_ == '+') && style.chomping == ' ')
        style.chomping = *at_;
      else if (*at_ >= '1' && *at_ <= '9' && style.increment == 0)
        style.increment = *at_ - '0';
      else
        break;
    }
    skip_spaces();
    if (*at_ == '#' && at_[-1] == ' ') skip_rest_of_line();
    if (*at_ != '\n') return false;
    new_line();
    return true;
  }

  // The indentation of the first line that is not empty, or of an empty one before it that has more.
  bool find_block_indent(std::int64_t indent, std::int64_t& content) const {
    std::int64_t most = std::max<std::int64_t>(indent + 1, 1);
    for (const char* look = at_;; ++look) {
      const char* start = look;
      while (*look == ' ') ++look;
      most = std::max<std::int64_t>(most, look - start);
      if (*look != '\n') {
        content = most;
        return *look != '\t';
      }
    }
  }

  // Eats line breaks and up to `content` columns of indentation. False for a tab among those.
  bool skip_block_breaks(std::int64_t content, std::size_t& breaks) {
    for (breaks = 0;; ++breaks) {
      while (*at_ == ' ' && column() < content) ++at_;
      if (*at_ != '\n') return *at_ != '\t' || column() >= content;
      new_line();
    }
  }

  bool scan_block_lines(const BlockStyle& style, std::int64_t content) {
    std::size_t breaks = 0;  // of empty lines before the cursor
    if (!skip_block_breaks(content, breaks)) return false;
    bool ended = false;  // the line before those ended in a break
    bool was_blank = false;
    while (column() == content && at_ != end_) {
      bool blank = *at_ == ' ' || *at_ == '\t';
      bool folds = style.folded && ended && !was_blank && !blank;
      if (folds && breaks == 0) buffer_ += ' ';
      if (!folds && ended) buffer_ += '\n';
      buffer_.append(breaks, '\n');
      was_blank = blank;
      const char* start = at_;
      skip_rest_of_line();
      buffer_.append(start, at_);
      ended = *at_ == '\n';
      if (ended) new_line();
      if (!skip_block_breaks(content, breaks)) return false;
    }
    if (style.chomping != '-' && ended) buffer_ += '\n';
    if (style.chomping == '+') buffer_.append(breaks, '\n');
    return true;
  }

  // --- flow collections ---

  // Spaces, comments and line breaks between the tokens of a flow collection.
  bool skip_flow_space() {
    for (;;) {
      skip_spaces();
      if (*at_ == '#') {
        if (at_[-1] != ' ' && at_[-1] != '\n') return false;
        skip_rest_of_line();
      }
      if (*at_ != '\n') return true;
      new_line();
      if (at_marker()) return false;
    }
  }

  bool flow_collection(std::size_t depth, Value& out) {
    return *at_ == '[' ? flow_list(depth, out) : flow_map(depth, out);
  }

  bool flow_node(std::size_t depth, Value& out) {
    if (!count(depth)) return false;
    if (*at_ == '[' || *at_ == '{') return flow_collection(depth, out);
    Scalar scalar;
    return flow_scalar(scalar) && finish(scalar, out);
  }

  bool flow_scalar(Scalar& out) {
    out.at = position();
    out.quoted = *at_ == '"' || *at_ == '\'';
    return out.quoted ? scan_quoted(out.text) : scan_plain(kEndsFlowPlain, out.text);
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
      Scalar key;
      Value value;
      if (!flow_scalar(key) || !take_flow_colon(key)) return false;
      if (!skip_flow_space() || !flow_node(depth + 1, value)) return false;
      members_.push_back({key.text, value, key.at});
      if (!end_element('}')) return false;
    }
    ++at_;
    return finish_map(base, at, out);
  }

  bool take_flow_colon(const Scalar& key) {
    skip_spaces();
    bool one_line = key.at.line == line_ + 1 && column() <= std::int64_t{key.at.column} + kLongestKey;
    if (!one_line || (!key.quoted && key.text == "<<")) return false;
    return *at_++ == ':';
  }

  Arena& arena_;
  const YamlOptions& options_;
  const char* at_;
  const char* end_;
  const char* line_start_;  // moved on by a continuation byte, so that columns are characters
  std::uint32_t line_ = 0;
  std::int64_t column_ = kNone;
  bool commented_ = false;  // a comment stood before the cursor's line or on it
  std::size_t nodes_ = 0;
  std::vector<Value> items_;     // of all lists that are open, the innermost last
  std::vector<Member> members_;  // of all maps that are open
  std::string buffer_;
};

}  // namespace

bool read_yaml_fast(Arena& arena, std::string_view text, const YamlOptions& options, std::vector<Value>& documents) {
  return is_common(text) && FastReader(arena, text, options).read(documents);
}

}  // namespace pawl::format

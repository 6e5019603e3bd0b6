#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "format/value.h"

namespace pawl::format {

// Whether all of `text` is UTF-8 of which every character is a column, and every line ends in "\n": what YamlScanner is
// for.
bool is_common_yaml(std::string_view text);

// A scalar and where it begins.
struct YamlToken {
  std::string_view text;
  Position at;
  bool quoted = false;
};

// A cursor over common YAML that knows lines, indentation and scalars; the reader that is made of it (yaml_fast.cc)
// knows collections. Every function returns false for what it does not know, where the cursor is anywhere. Texts
// without escapes and line breaks are views into what is read.
class YamlScanner {
 protected:
  static constexpr std::int64_t kNone = -1;

  // `text` is common, lives in `arena`, and ends in a NUL that does not count.
  YamlScanner(Arena& arena, std::string_view text)
      : arena_(arena), at_(text.data()), end_(text.data() + text.size()), line_start_(text.data()) {}

  static bool is_break_or_end(char c) { return c == '\n' || c == '\0'; }
  static bool is_blank_or_end(char c) { return c == ' ' || c == '\t' || is_break_or_end(c); }
  std::int64_t column() const { return at_ - line_start_; }
  Position position() const { return {line_ + 1, static_cast<std::uint32_t>(column()) + 1}; }
  bool at_line_end() const { return is_break_or_end(*at_) || *at_ == '#'; }
  bool is_entry() const { return *at_ == '-' && is_blank_or_end(at_[1]); }
  void skip_spaces() {
    while (*at_ == ' ') ++at_;
  }

  // From within the indentation of a line to the first character of one that has any; its column is column_, kNone at
  // the end of a document.
  bool find_content();
  // From behind a node, which must be the last of its line.
  bool next_line();
  // Spaces, comments and line breaks between the tokens of a flow collection.
  bool skip_flow_space();

  // The first line of a plain scalar, or a quoted one whole.
  bool block_scalar_or_key(YamlToken& out);
  // Takes the ':' that makes a key of the scalar before it.
  bool take_colon(const YamlToken& key);
  // Further lines of a plain scalar in a block: those that are indented more than what is around it.
  bool continue_plain(std::int64_t indent, YamlToken& scalar);
  // A scalar behind '|' or '>', whole.
  bool scan_block(std::int64_t indent, YamlToken& out);
  bool flow_scalar(YamlToken& out);
  bool take_flow_colon(const YamlToken& key);

  Arena& arena_;
  const char* at_;
  const char* end_;
  std::int64_t column_ = kNone;

 private:
  struct BlockStyle {
    bool folded = false;
    char chomping = ' ';  // '-', '+', or neither
    std::int64_t increment = 0;
  };

  void skip_rest_of_line();
  void new_line();
  bool at_marker() const;
  // Moves to the next byte of the kinds in `ends`.
  void run_to(std::uint8_t ends);
  bool scan_plain(std::uint8_t ends, std::string_view& out);
  // What of this line belongs to a plain scalar.
  bool scan_plain_line(std::uint8_t ends, std::string_view& out);
  // One line break folds into a space, more into one less.
  void append_breaks(std::uint32_t breaks);
  bool scan_quoted(std::string_view& out);
  // From the first byte that is not itself; what was before is in the buffer.
  bool scan_quoted_rest(char quote, std::uint8_t ends);
  bool fold_quoted(std::size_t kept);
  bool take_escape();
  bool scan_block_header(BlockStyle& style);
  // The indentation of the first line that is not empty, or of an empty one before it that has more.
  bool find_block_indent(std::int64_t indent, std::int64_t& content) const;
  // Eats line breaks and up to `content` columns of indentation. False for a tab among those.
  bool skip_block_breaks(std::int64_t content, std::size_t& breaks);
  bool scan_block_lines(const BlockStyle& style, std::int64_t content);

  const char* line_start_;  // moved on by a continuation byte, so that columns are characters
  std::uint32_t line_ = 0;
  bool commented_ = false;  // a comment stood before the cursor's line or on it
  std::string buffer_;
};

}  // namespace pawl::format

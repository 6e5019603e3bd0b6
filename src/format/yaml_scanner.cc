#include "format/yaml_scanner.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "format/utf8.h"

namespace pawl::format {

namespace {

constexpr std::ptrdiff_t kLongestKey = 1000;  // YAML's bound is 1024 characters

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

// U+0080 to U+009F (NEL is a line break), U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF.
bool is_rare(std::string_view rest) {
  std::string_view two = rest.substr(0, 2);
  std::string_view three = rest.substr(0, 3);
  if (rest[0] == '\xC2') return two < "\xC2\xA0";
  return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" || three == "\xEF\xBB\xBF" || three == "\xEF\xBF\xBE" ||
         three == "\xEF\xBF\xBF";
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

// Whether it surely has no byte but printable ASCII, tabs and line breaks; blocks, so that a compiler does many at
// once.
bool is_plain_ascii(std::string_view text) {
  constexpr std::size_t kBlock = 32;
  unsigned odd = 0;
  auto look = [&](char c) {
    auto byte = static_cast<unsigned char>(c);
    odd |= unsigned{byte >= 0x7F} | (unsigned{byte < 0x20} & unsigned{byte != '\n'} & unsigned{byte != '\t'});
  };
  std::size_t at = 0;
  for (; at + kBlock <= text.size(); at += kBlock) {
    for (std::size_t i = 0; i < kBlock; ++i) look(text[at + i]);
  }
  for (; at < text.size(); ++at) look(text[at]);
  return odd == 0;
}

bool is_common_yaml(std::string_view text) {
  if (is_plain_ascii(text)) return true;
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

void YamlScanner::skip_rest_of_line() {
  const void* found = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_));
  at_ = found == nullptr ? end_ : static_cast<const char*>(found);
}

void YamlScanner::new_line() {
  ++at_;
  ++line_;
  line_start_ = at_;
}

bool YamlScanner::at_marker() const {
  bool three = std::strncmp(at_, "---", 3) == 0 || std::strncmp(at_, "...", 3) == 0;
  return three && is_blank_or_end(at_[3]);
}

bool YamlScanner::find_content() {
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

bool YamlScanner::next_line() {
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

bool YamlScanner::skip_flow_space() {
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

void YamlScanner::run_to(std::uint8_t ends) {
  for (;; ++at_) {
    while ((byte_kind(*at_) & (ends | kContinuation)) == 0) ++at_;
    if ((byte_kind(*at_) & kContinuation) == 0) return;
    ++line_start_;
  }
}

bool YamlScanner::block_scalar_or_key(YamlToken& out) {
  out.at = position();
  out.quoted = *at_ == '"' || *at_ == '\'';
  return out.quoted ? scan_quoted(out.text) : scan_plain(kEndsPlain, out.text);
}

bool YamlScanner::flow_scalar(YamlToken& out) {
  out.at = position();
  out.quoted = *at_ == '"' || *at_ == '\'';
  return out.quoted ? scan_quoted(out.text) : scan_plain(kEndsFlowPlain, out.text);
}

bool YamlScanner::take_colon(const YamlToken& key) {
  if (key.at.line != line_ + 1) return false;
  const char* colon = at_;
  while (*colon == ' ') ++colon;
  bool is_key = *colon == ':' && is_blank_or_end(colon[1]);
  if (!is_key || colon - line_start_ > std::ptrdiff_t{key.at.column} + kLongestKey) return false;
  at_ = colon + 1;
  return true;
}

bool YamlScanner::take_flow_colon(const YamlToken& key) {
  skip_spaces();
  bool one_line = key.at.line == line_ + 1 && column() <= std::int64_t{key.at.column} + kLongestKey;
  if (!one_line || (!key.quoted && key.text == "<<")) return false;
  return *at_++ == ':';
}

bool YamlScanner::scan_plain(std::uint8_t ends, std::string_view& out) {
  if ((byte_kind(*at_) & kNoPlainStart) != 0) return false;
  bool indicates = *at_ == '-' || *at_ == '?' || *at_ == ':';
  if (indicates && (is_blank_or_end(at_[1]) || (ends == kEndsFlowPlain && *at_ != '-'))) return false;
  return scan_plain_line(ends, out);
}

bool YamlScanner::scan_plain_line(std::uint8_t ends, std::string_view& out) {
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

bool YamlScanner::continue_plain(std::int64_t indent, YamlToken& scalar) {
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

void YamlScanner::append_breaks(std::uint32_t breaks) {
  if (breaks == 1)
    buffer_ += ' ';
  else
    buffer_.append(breaks - 1, '\n');
}

bool YamlScanner::scan_quoted(std::string_view& out) {
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

bool YamlScanner::scan_quoted_rest(char quote, std::uint8_t ends) {
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

bool YamlScanner::fold_quoted(std::size_t kept) {
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

bool YamlScanner::take_escape() {
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

bool YamlScanner::scan_block(std::int64_t indent, YamlToken& out) {
  out = {.text = {}, .at = position(), .quoted = true};
  BlockStyle style;
  if (!scan_block_header(style)) return false;
  std::int64_t content = 0;
  if (style.increment != 0)
    content = std::max<std::int64_t>(indent, 0) + style.increment;
  else if (!find_block_indent(indent, content))
    return false;
  buffer_.clear();
  if (!scan_block_lines(style, content)) return false;
  out.text = arena_.copy(buffer_);
  return true;
}

bool YamlScanner::scan_block_header(BlockStyle& style) {
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

bool YamlScanner::find_block_indent(std::int64_t indent, std::int64_t& content) const {
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

bool YamlScanner::skip_block_breaks(std::int64_t content, std::size_t& breaks) {
  for (breaks = 0;; ++breaks) {
    while (*at_ == ' ' && column() < content) ++at_;
    if (*at_ != '\n') return *at_ != '\t' || column() >= content;
    new_line();
  }
}

bool YamlScanner::scan_block_lines(const BlockStyle& style, std::int64_t content) {
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

}  // namespace pawl::format

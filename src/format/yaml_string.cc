#include "format/yaml_string.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "format/utf8.h"
#include "format/yaml_scalar.h"

namespace pawl::format {

namespace {

constexpr std::size_t kWidth = 80;

// go-yaml counts nothing beyond the BMP as printable, so that emoji are escaped.
bool is_printable(char32_t c) {
  return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

bool is_break(char32_t c) { return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029; }

// What may be done with a string's text.
struct Analysis {
  bool multiline = false;
  bool plain = true;
  bool single = true;
  bool literal = true;
};

bool is_indicator_at_start(char c) { return std::string_view("#,[]{}&*!|>'\"%@`").find(c) != std::string_view::npos; }

// What a byte of a string means for its style, as bits, so that one pass says whether any byte means anything.
enum Trait : std::uint8_t {
  kWordByte = 1,   // never says anything
  kOtherByte = 2,  // printable ASCII that says something only where it begins a string
  kSpaceByte = 4,
  kColonOrHash = 8,
  kBreakByte = 16,   // "\n"
  kSpecialByte = 32  // what only analyze() judges
};

constexpr std::array<std::uint8_t, 256> make_traits() {
  std::array<std::uint8_t, 256> traits{};
  for (std::size_t c = 0; c < 256; ++c) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    bool word = letter || c == '/' || c == '.' || c == '_' || c == '-';
    traits[c] = word ? kWordByte : c > 0x20 && c < 0x7F ? kOtherByte : kSpecialByte;
  }
  traits[' '] = kSpaceByte;
  traits[':'] = traits['#'] = kColonOrHash;
  traits['\n'] = kBreakByte;
  return traits;
}

constexpr std::array<std::uint8_t, 256> kTraits = make_traits();

int traits_of(std::string_view text) {
  int traits = 0;
  for (char c : text) traits |= kTraits[static_cast<unsigned char>(c)];
  return traits;
}

// Whether a ':' or '#' makes a key or a comment of a text without tabs and breaks.
bool has_indicator_inside(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) return true;
    if (text[i] == '#' && i > 0 && text[i - 1] == ' ') return true;
  }
  return false;
}

// Whether a text of these traits is surely fit to stand plain: analyze() would say so too.
bool is_surely_plain(std::string_view text, int traits) {
  if (text.empty() || (traits & (kBreakByte | kSpecialByte)) != 0) return false;
  char first = text[0];
  bool starts = first != ' ' && text.back() != ' ' && !is_indicator_at_start(first) && first != '?' && first != ':' &&
                first != '-' && !text.starts_with("...");
  return starts && ((traits & kColonOrHash) == 0 || !has_indicator_inside(text));
}

// Whether a text of several lines is surely fit to stand as a literal.
bool is_surely_literal(std::string_view text, int traits) {
  if ((traits & kSpecialByte) != 0 || text.back() == ' ') return false;
  return (traits & kSpaceByte) == 0 || text.find(" \n") == std::string_view::npos;
}

Analysis analyze(std::string_view text) {
  Analysis out;
  if (text.empty()) return {.multiline = false, .plain = true, .single = true, .literal = false};
  bool indicators = text.starts_with("---") || text.starts_with("...");
  bool special = false;
  bool space_break = false;
  bool break_space = false;
  bool previous_space = false;
  bool previous_break = false;
  bool after_blank = true;
  for (std::size_t i = 0; i < text.size();) {
    Rune rune = rune_at(text, i);
    std::size_t next = i + rune.length;
    bool before_blank = next >= text.size() || text[next] == ' ' || text[next] == '\t';
    char c = text[i];
    if (i == 0) {
      indicators |= is_indicator_at_start(c) || ((c == '?' || c == ':' || c == '-') && before_blank);
    } else {
      indicators |= (c == ':' && before_blank) || (c == '#' && after_blank);
    }
    special |= !is_printable(rune.code);
    bool space = c == ' ';
    bool line_break = is_break(rune.code);
    break_space |= space && previous_break;
    space_break |= line_break && previous_space;
    out.multiline |= line_break;
    previous_space = space;
    previous_break = line_break;
    after_blank = c == ' ' || c == '\t' || c == '\0' || line_break;
    i = next;
  }
  char32_t first = rune_at(text, 0).code;
  bool leading = first == ' ' || is_break(first);
  bool trailing_space = text.back() == ' ';
  bool trailing = trailing_space || previous_break;
  out.plain = !leading && !trailing && !break_space && !space_break && !special && !out.multiline && !indicators;
  out.single = !break_space && !space_break && !special;
  out.literal = !trailing_space && !space_break && !special;
  return out;
}

// How a string stands as a value (or, `key`, as a key).
YamlStyle style_of(std::string_view text, bool key) {
  int traits = traits_of(text);
  if (is_surely_plain(text, traits)) return needs_quotes(text) ? YamlStyle::kDouble : YamlStyle::kPlain;
  bool multiline = (traits & kBreakByte) != 0;
  if (multiline && !key && is_surely_literal(text, traits)) return YamlStyle::kLiteral;
  Analysis can = analyze(text);
  if (multiline) return can.literal && !key ? YamlStyle::kLiteral : YamlStyle::kDouble;
  if (needs_quotes(text)) return YamlStyle::kDouble;
  if (can.plain) return YamlStyle::kPlain;
  return can.single ? YamlStyle::kSingle : YamlStyle::kDouble;
}

void append_escape(std::string& out, char32_t c) {
  switch (c) {
    case 0x00:
      out += "\\0";
      return;
    case 0x07:
      out += "\\a";
      return;
    case 0x08:
      out += "\\b";
      return;
    case 0x09:
      out += "\\t";
      return;
    case 0x0A:
      out += "\\n";
      return;
    case 0x0B:
      out += "\\v";
      return;
    case 0x0C:
      out += "\\f";
      return;
    case 0x0D:
      out += "\\r";
      return;
    case 0x1B:
      out += "\\e";
      return;
    case 0x22:
      out += "\\\"";
      return;
    case 0x5C:
      out += "\\\\";
      return;
    case 0x85:
      out += "\\N";
      return;
    case 0xA0:
      out += "\\_";
      return;
    case 0x2028:
      out += "\\L";
      return;
    case 0x2029:
      out += "\\P";
      return;
    default:
      break;
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  int digits = c <= 0xFF ? 2 : c <= 0xFFFF ? 4 : 8;
  out += c <= 0xFF ? "\\x" : c <= 0xFFFF ? "\\u" : "\\U";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += kHex[(c >> shift) & 15];
}

std::size_t count_runes(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t column_of(const std::string& out) {
  std::size_t start = out.rfind('\n');
  return count_runes(std::string_view(out).substr(start == std::string::npos ? 0 : start + 1));
}

// Writes the text of a scalar on one line, or folded: a space beyond the width that stands alone becomes a line break.
// `indent` is that of the lines that follow; keys are never folded.
class FoldingWriter {
 public:
  FoldingWriter(std::string& out, std::size_t indent, bool fold) : out_(out), indent_(indent), fold_(fold) {
    if (fold_) column_ = column_of(out);
  }

  void put(std::string_view piece) {
    out_ += piece;
    if (fold_) column_ += count_runes(piece);
    after_space_ = false;
  }
  // In double quotes a second space behind the break is kept by a backslash; elsewhere it forbids the break.
  void space(std::string_view text, std::size_t i, bool double_quoted) {
    bool inside = i > 0 && i + 1 < text.size();
    bool next_is_space = inside && text[i + 1] == ' ';
    bool breaks = fold_ && inside && !after_space_ && column_ > kWidth && (double_quoted || !next_is_space);
    if (breaks) {
      out_ += '\n';
      out_.append(indent_, ' ');
      column_ = indent_;
      if (next_is_space) out_ += '\\';
    } else {
      out_ += ' ';
      ++column_;
    }
    after_space_ = true;
  }

 private:
  std::string& out_;
  std::size_t indent_;
  bool fold_;
  std::size_t column_ = 0;
  bool after_space_ = false;
};

// How many of the first bytes mean themselves in every kind of quotes.
std::size_t ordinary_run(std::string_view text) {
  std::size_t length = 0;
  auto ordinary = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '\''; };
  while (length < text.size() && ordinary(text[length])) ++length;
  return length;
}

void append_double_quoted(std::string& out, std::string_view text, std::size_t indent, bool fold) {
  out += '"';
  FoldingWriter writer(out, indent, fold);
  for (std::size_t i = 0; i < text.size();) {
    if (std::size_t run = ordinary_run(text.substr(i)); run != 0) {
      writer.put(text.substr(i, run));
      i += run;
      continue;
    }
    Rune rune = rune_at(text, i);
    bool escape = !is_printable(rune.code) || is_break(rune.code) || rune.code == '"' || rune.code == '\\';
    if (escape) {
      std::string escaped;
      append_escape(escaped, rune.code);
      writer.put(escaped);
    } else if (rune.code == ' ') {
      writer.space(text, i, true);
    } else {
      writer.put(text.substr(i, rune.length));
    }
    i += rune.length;
  }
  out += '"';
}

void append_single_quoted(std::string& out, std::string_view text, std::size_t indent, bool fold) {
  out += '\'';
  FoldingWriter writer(out, indent, fold);
  for (std::size_t i = 0; i < text.size();) {
    std::size_t run = std::max<std::size_t>(ordinary_run(text.substr(i)), 1);
    if (text[i] == '\n') {
      // One alone would be read as a space.
      if (i == 0 || text[i - 1] != '\n') out += '\n';
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] != '\n') out.append(indent, ' ');
    } else if (text[i] == ' ') {
      writer.space(text, i, false);
    } else {
      writer.put(text[i] == '\'' ? std::string_view("''") : text.substr(i, run));
    }
    i += run;
  }
  out += '\'';
}

void append_plain(std::string& out, std::string_view text, std::size_t indent, bool fold) {
  bool may_fold = fold && text.find(' ') != std::string_view::npos && column_of(out) + text.size() > kWidth;
  if (!may_fold) {
    out += text;
    return;
  }
  FoldingWriter writer(out, indent, true);
  for (std::size_t i = 0; i < text.size();) {
    std::size_t run = std::max<std::size_t>(ordinary_run(text.substr(i)), 1);
    if (text[i] == ' ')
      writer.space(text, i, false);
    else
      writer.put(text.substr(i, run));
    i += run;
  }
}

// A block of these lines, which stand for `text`.
void append_block(std::string& out, char sign, std::string_view text, std::string_view lines, std::size_t indent) {
  out += sign;
  char first = text[0];
  if (first == ' ' || first == '\n') out += static_cast<char>('0' + kYamlIndent);
  if (text.back() != '\n')
    out += '-';
  else if (text.size() == 1 || text[text.size() - 2] == '\n')
    out += '+';
  out += '\n';
  while (!lines.empty()) {
    std::size_t end = std::min(lines.find('\n'), lines.size());
    if (end != 0) {
      out.append(indent, ' ');
      out += lines.substr(0, end);
    }
    out += '\n';
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  out.pop_back();  // the caller ends the line
}

void append_literal(std::string& out, std::string_view text, std::size_t indent) {
  append_block(out, '|', text, text, indent);
}

// A line's end is an empty line, or a fold would take it away; so go-yaml ends the last one too.
void append_folded(std::string& out, std::string_view text, std::size_t indent) {
  std::string lines;
  bool indented = true;  // this line, or there was none
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool begins = i == 0 || text[i - 1] == '\n';
    if (text[i] == '\n' && !begins && !indented) lines += '\n';
    if (text[i] != '\n' && begins) indented = text[i] == ' ' || text[i] == '\t';
    lines += text[i];
  }
  append_block(out, '>', text, lines, indent);
}

void append_in(std::string& out, std::string_view text, YamlStyle style, std::size_t indent, bool fold) {
  switch (style) {
    case YamlStyle::kPlain:
      append_plain(out, text, indent, fold);
      break;
    case YamlStyle::kSingle:
      append_single_quoted(out, text, indent, fold);
      break;
    case YamlStyle::kDouble:
      append_double_quoted(out, text, indent, fold);
      break;
    case YamlStyle::kLiteral:
      append_literal(out, text, indent);
      break;
    case YamlStyle::kFolded:
      append_folded(out, text, indent);
      break;
  }
}

// The style nearest to `wanted` that a reader takes for this text.
YamlStyle allowed(std::string_view text, YamlStyle wanted, bool flow) {
  Analysis can = analyze(text);
  bool in_brackets = !flow || text.find_first_of(",?[]{}:") == std::string_view::npos;
  if (wanted == YamlStyle::kPlain && can.plain && !can.multiline && in_brackets && !(flow && text.empty()))
    return YamlStyle::kPlain;
  bool block = wanted == YamlStyle::kLiteral || wanted == YamlStyle::kFolded;
  if (block) return can.literal && !flow && !text.empty() ? wanted : YamlStyle::kDouble;
  bool single = wanted != YamlStyle::kDouble && can.single && (!can.multiline || wanted == YamlStyle::kSingle);
  return single ? YamlStyle::kSingle : YamlStyle::kDouble;
}

}  // namespace

bool stands_plain(std::string_view text) {
  int traits = traits_of(text);
  if (text.empty() || (traits & kSpaceByte) != 0) return false;
  char first = static_cast<char>(text[0] | 0x20);
  bool is_word = traits == kWordByte && first >= 'a' && first <= 'z';
  if (is_word && text.size() > kLongestWord) return true;
  return (is_word || is_surely_plain(text, traits)) && !needs_quotes(text);
}

void append_yaml_string(std::string& out, std::string_view text, std::size_t indent, bool key) {
  append_in(out, text, style_of(text, key), indent, !key);
}

void append_yaml_string(std::string& out, std::string_view text, YamlStyle wanted, std::size_t indent, bool flow) {
  append_in(out, text, allowed(text, wanted, flow), indent, false);
}

}  // namespace pawl::format

#include "core/cel/literal.h"

#include "base/utf8.h"
#include "format/utf8.h"

namespace pawl::cel {

namespace {

Error unescapable() { return Error(ErrorCode::kInvalid, "unable to unescape string"); }

std::string with_plain_newlines(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i] == '\r' ? '\n' : text[i];
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Unescaper {
 public:
  Unescaper(std::string_view text, bool bytes) : rest_(text), bytes_(bytes) {}

  Result<std::string> run() {
    while (!rest_.empty()) {
      if (rest_[0] != '\\') {
        std::size_t plain = std::min(rest_.find('\\'), rest_.size());
        out_ += rest_.substr(0, plain);
        rest_.remove_prefix(plain);
        continue;
      }
      PAWL_TRY(escape());
    }
    return std::move(out_);
  }

 private:
  Status escape() {
    if (rest_.size() < 2) return Error(ErrorCode::kInvalid, "unable to unescape string, found '\\' as last character");
    char c = rest_[1];
    rest_.remove_prefix(2);
    static constexpr std::string_view kNames = "abfnrtv\\'\"`?";
    static constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\'\"`?";
    if (std::size_t index = kNames.find(c); index != std::string_view::npos) {
      out_ += kMeant[index];
      return {};
    }
    if (c == 'x' || c == 'X') return digits(2, 16, 0);
    if (c == 'u' && !bytes_) return digits(4, 16, 0);
    if (c == 'U' && !bytes_) return digits(8, 16, 0);
    if (c >= '0' && c <= '3') return digits(2, 8, static_cast<char32_t>(c - '0'));
    return unescapable();
  }

  Status digits(std::size_t count, int base, char32_t value) {
    auto broken = [&] {
      return base == 8 ? Error(ErrorCode::kInvalid, "unable to unescape octal sequence in string") : unescapable();
    };
    if (rest_.size() < count) return broken();
    for (std::size_t i = 0; i < count; ++i) {
      int digit = hex_digit(rest_[i]);
      if (digit < 0 || digit >= base) return broken();
      value = value * static_cast<char32_t>(base) + static_cast<char32_t>(digit);
    }
    rest_.remove_prefix(count);
    if (bytes_) {
      out_ += static_cast<char>(value);
      return {};
    }
    if (!is_scalar_value(value)) return Error(ErrorCode::kInvalid, "invalid unicode code point");
    format::append_utf8(out_, value);
    return {};
  }

  std::string_view rest_;
  bool bytes_;
  std::string out_;
};

}  // namespace

Result<std::string> unescape(std::string_view literal, bool bytes) {
  std::string text = with_plain_newlines(literal);
  std::string_view body = text;
  if (body.size() < 2) return unescapable();
  bool raw = body[0] == 'r' || body[0] == 'R';
  if (raw) body.remove_prefix(1);
  bool triple = body.size() >= 6 && (body.starts_with("'''") || body.starts_with("\"\"\""));
  std::size_t quote = triple ? 3 : 1;
  body = body.substr(quote, body.size() - 2 * quote);
  if (raw) return std::string(body);
  return Unescaper(body, bytes).run();
}

}  // namespace pawl::cel

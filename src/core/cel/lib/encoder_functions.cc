#include <algorithm>

#include "base/encoding.h"
#include "core/cel/lib/declare.h"
#include "core/cel/lib/extensions.h"

namespace pawl::cel::lib {

namespace {

Value encode(Call& call, Arguments arguments) { return text_of(call, to_base64(arguments[0].text())); }

// What Go's encoding/base64 reads: padded or not, line breaks skipped, stray bits ignored. `fault_at` is the byte that
// it complains about.
struct Base64Reader {
  std::string_view text;
  bool padded;
  std::size_t at = 0;
  std::size_t fault_at = 0;
  bool failed = false;
  std::string out;

  static int digit_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
  }

  void skip_breaks() {
    while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) ++at;
  }

  bool fail(std::size_t place) {
    failed = true;
    fault_at = place;
    return false;
  }

  // The rest of a quantum that `digits` digits began: one or two "=", and nothing behind.
  bool read_padding(std::size_t digits) {
    std::size_t first = at - 1;
    if (!padded || digits < 2) return fail(first);
    if (digits == 2) {
      skip_breaks();
      if (at == text.size()) return fail(text.size());
      if (text[at] != '=') return fail(at);
      ++at;
    }
    skip_breaks();
    return at == text.size() || fail(at);
  }

  void put(std::uint32_t bits, std::size_t digits) {
    bits <<= 6 * (4 - digits);
    for (std::size_t i = 0; i + 1 < digits; ++i) out.push_back(static_cast<char>(bits >> (16 - 8 * i)));
  }

  // Up to four digits; false at the end or at a fault.
  bool read_quantum() {
    std::uint32_t bits = 0;
    for (std::size_t digits = 0; digits < 4; ++digits) {
      skip_breaks();
      if (at == text.size()) {
        if (digits == 1 || (padded && digits > 0)) return fail(at - digits);
        if (digits > 1) put(bits, digits);
        return false;
      }
      char c = text[at++];
      if (c == '=') {
        if (read_padding(digits)) put(bits, digits);
        return false;
      }
      int digit = digit_of(c);
      if (digit < 0) return fail(at - 1);
      bits = bits << 6 | static_cast<std::uint32_t>(digit);
    }
    put(bits, 4);
    return true;
  }

  bool read() {
    while (read_quantum()) {
    }
    return !failed;
  }
};

Value decode(Call& call, Arguments arguments) {
  for (bool padded : {true, false}) {
    Base64Reader reader{arguments[0].text(), padded};
    if (reader.read()) {
      if (!call.arena.has_room(reader.out.size())) return Value::error(kTooMuchMemory);
      return Value::bytes(call.arena.copy(reader.out));
    }
    if (!padded) return fault(call, "illegal base64 data at input byte " + std::to_string(reader.fault_at));
  }
  return no_such_overload();
}

}  // namespace

void add_encoders(Registry& registry) {
  registry.add("base64.decode", function("base64_decode_string", {string_type()}, bytes_type(), decode));
  registry.add("base64.encode", function("base64_encode_bytes", {bytes_type()}, string_type(), encode));
}

}  // namespace pawl::cel::lib

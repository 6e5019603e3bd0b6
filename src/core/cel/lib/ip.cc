#include "core/cel/lib/ip.h"

#include <algorithm>
#include <charconv>

#include "core/cel/lib/go_text.h"

namespace pawl::cel::lib {

// net/netip's ParseAddr: the address, its zone, or what is wrong where.
struct IpReader {
  std::string_view whole;
  Ip ip;
  std::string_view zone;
  bool failed = false;
  std::string fault;

  explicit IpReader(std::string_view text) : whole(text) {
    std::size_t first = text.find_first_of(".:%");
    if (first == std::string_view::npos) {
      fail("unable to parse IP");
    } else if (text[first] == '%') {
      fail("missing IPv6 address");
    } else if (text[first] == '.') {
      ip.v4_ = true;
      read_v4(text, 0);
    } else {
      read_v6();
    }
  }

  bool fail(std::string_view message, std::string_view at = {}) {
    failed = true;
    fault = "ParseAddr(" + go_quote(whole) + "): " + std::string(message);
    if (!at.empty()) fault += " (at " + go_quote(at) + ")";
    return false;
  }

  bool read_v4(std::string_view text, std::size_t into) {
    unsigned value = 0;
    std::size_t digits = 0;
    std::size_t field = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      char c = text[i];
      if (c >= '0' && c <= '9') {
        if (digits == 1 && value == 0) return fail("IPv4 field has octet with leading zero");
        value = value * 10 + static_cast<unsigned>(c - '0');
        ++digits;
        if (value > 255) return fail("IPv4 field has value >255");
      } else if (c == '.') {
        if (i == 0 || i + 1 == text.size() || text[i - 1] == '.')
          return fail("IPv4 field must have at least one digit", text.substr(i));
        if (field == 3) return fail("IPv4 address too long");
        ip.bytes_[into + field++] = static_cast<std::uint8_t>(value);
        value = 0;
        digits = 0;
      } else {
        return fail("unexpected character", text.substr(i));
      }
    }
    if (field < 3) return fail("IPv4 address too short");
    ip.bytes_[into + 3] = static_cast<std::uint8_t>(value);
    return true;
  }

  static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  std::string_view rest;
  std::size_t filled = 0;             // bytes
  std::optional<std::size_t> zeroes;  // where "::" stood

  bool read_zone() {
    rest = whole;
    std::size_t percent = rest.find('%');
    if (percent == std::string_view::npos) return true;
    zone = rest.substr(percent + 1);
    rest = rest.substr(0, percent);
    return zone.empty() ? fail("zone must be a non-empty string") : true;
  }

  // One group of hexadecimal digits; returns how many there are.
  bool read_group(std::size_t& length) {
    unsigned value = 0;
    for (length = 0; length < rest.size() && hex_digit(rest[length]) >= 0; ++length) {
      if (length > 3) return fail("each group must have 4 or less digits", rest);
      value = value * 16 + static_cast<unsigned>(hex_digit(rest[length]));
    }
    if (length == 0) return fail("each colon-separated field must have at least one digit", rest);
    if (length < rest.size() && rest[length] == '.') return true;
    ip.bytes_[filled] = static_cast<std::uint8_t>(value >> 8);
    ip.bytes_[filled + 1] = static_cast<std::uint8_t>(value);
    filled += 2;
    return true;
  }

  bool read_embedded_v4() {
    if (!zeroes && filled != 12)
      return fail("embedded IPv4 address must replace the final 2 fields of the address", rest);
    if (filled + 4 > 16) return fail("too many hex fields to fit an embedded IPv4 at the end of the address", rest);
    if (!read_v4(rest, filled)) return false;
    rest = {};
    filled += 4;
    return true;
  }

  bool read_colon() {
    if (rest[0] != ':') return fail("unexpected character, want colon", rest);
    if (rest.size() == 1) return fail("colon must be followed by more characters", rest);
    rest.remove_prefix(1);
    if (rest[0] != ':') return true;
    if (zeroes) return fail("multiple :: in address", rest);
    zeroes = filled;
    rest.remove_prefix(1);
    return true;
  }

  bool read_groups() {
    while (filled < 16) {
      std::size_t length = 0;
      if (!read_group(length)) return false;
      if (length < rest.size() && rest[length] == '.') return read_embedded_v4();
      rest.remove_prefix(length);
      if (rest.empty()) return true;
      if (!read_colon()) return false;
      if (rest.empty()) return true;
    }
    return true;
  }

  bool expand() {
    if (!rest.empty()) return fail("trailing garbage after address", rest);
    if (filled == 16) return zeroes ? fail("the :: must expand to at least one field of zeros") : true;
    if (!zeroes) return fail("address string too short");
    auto from = ip.bytes_.begin() + static_cast<std::ptrdiff_t>(*zeroes);
    auto to = ip.bytes_.begin() + static_cast<std::ptrdiff_t>(filled);
    std::move_backward(from, to, ip.bytes_.end());
    std::fill(from, from + static_cast<std::ptrdiff_t>(16 - filled), std::uint8_t{0});
    return true;
  }

  bool read_v6() {
    if (!read_zone()) return false;
    if (rest.starts_with("::")) {
      zeroes = 0;
      rest.remove_prefix(2);
      if (rest.empty()) return true;
    }
    return read_groups() && expand();
  }
};

Result<Ip> Ip::parse(std::string_view text) {
  IpReader reader(text);
  auto refuse = [](std::string message) { return Error(ErrorCode::kInvalid, std::move(message)); };
  if (reader.failed)
    return refuse("IP Address " + go_quote(text) + " parse error during conversion from string: " + reader.fault);
  if (!reader.zone.empty()) return refuse("IP address " + go_quote(text) + " with zone value is not allowed");
  if (reader.ip.is_mapped()) return refuse("IPv4-mapped IPv6 address " + go_quote(text) + " is not allowed");
  return reader.ip;
}

std::optional<std::string> ip_fault(std::string_view text) {
  IpReader reader(text);
  return reader.failed ? std::optional(reader.fault) : std::nullopt;
}

std::string Ip::text() const {
  std::string out;
  if (v4_) {
    for (std::size_t i = 0; i < 4; ++i) out += (i > 0 ? "." : "") + std::to_string(bytes_[i]);
    return out;
  }
  auto group = [&](std::size_t i) { return static_cast<unsigned>(bytes_[2 * i] << 8 | bytes_[2 * i + 1]); };
  std::size_t begin = 8;  // of the longest run of zeroes, the first of several; runs of one are written out
  std::size_t end = 8;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t j = i;
    while (j < 8 && group(j) == 0) ++j;
    if (j - i >= 2 && j - i > end - begin) begin = i, end = j;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == begin) {
      out += "::";
      i = end;
      if (i == 8) break;
    } else if (i > 0) {
      out += ":";
    }
    std::array<char, 4> digits;
    auto [last, error] = std::to_chars(digits.data(), digits.data() + digits.size(), group(i), 16);
    out.append(digits.data(), last);
  }
  return out;
}

bool Ip::is_mapped() const {
  auto zero = [](std::uint8_t byte) { return byte == 0; };
  return !v4_ && std::all_of(bytes_.begin(), bytes_.begin() + 10, zero) && bytes_[10] == 0xFF && bytes_[11] == 0xFF;
}

bool Ip::is_unspecified() const { return masked(0) == *this; }

bool Ip::is_loopback() const {
  if (v4_) return bytes_[0] == 127;
  return masked(127).is_unspecified() && bytes_[15] == 1;
}

bool Ip::is_multicast() const { return v4_ ? (bytes_[0] & 0xF0u) == 0xE0 : bytes_[0] == 0xFF; }

bool Ip::is_link_local_multicast() const {
  if (v4_) return bytes_[0] == 224 && bytes_[1] == 0 && bytes_[2] == 0;
  return bytes_[0] == 0xFF && (bytes_[1] & 0x0Fu) == 0x02;
}

bool Ip::is_link_local_unicast() const {
  if (v4_) return bytes_[0] == 169 && bytes_[1] == 254;
  return bytes_[0] == 0xFE && (bytes_[1] & 0xC0u) == 0x80;
}

bool Ip::is_global_unicast() const {
  bool broadcast = v4_ && std::all_of(bytes_.begin(), bytes_.begin() + 4, [](std::uint8_t b) { return b == 255; });
  return !broadcast && !is_unspecified() && !is_loopback() && !is_multicast() && !is_link_local_unicast();
}

Ip Ip::masked(int bits) const {
  Ip out = *this;
  for (int i = 0; i < 16; ++i) {
    int kept = std::clamp(bits - 8 * i, 0, 8);
    auto& byte = out.bytes_[static_cast<std::size_t>(i)];
    byte = static_cast<std::uint8_t>(byte & (0xFF00u >> kept));
  }
  return out;
}

Result<Cidr> Cidr::parse(std::string_view text) {
  constexpr const char* kWhile = "network address parse error during conversion from string: ";
  // Kubernetes adds the same words where it reads and where it converts.
  auto refuse = [&](const std::string& message) {
    return Error(ErrorCode::kInvalid,
                 std::string(kWhile) + kWhile + "netip.ParsePrefix(" + go_quote(text) + "): " + message);
  };
  std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return refuse("no '/'");
  IpReader reader(text.substr(0, slash));
  if (reader.failed) return refuse(reader.fault);
  if (!reader.zone.empty()) return refuse("IPv6 zones cannot be present in a prefix");
  std::string_view digits = text.substr(slash + 1);
  int length = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  bool padded = digits.size() > 1 && (digits[0] < '1' || digits[0] > '9');
  bool huge = error == std::errc::result_out_of_range && digits.size() < 19;
  if (digits.empty() || padded || end != digits.data() + digits.size() || (error != std::errc() && !huge))
    return refuse("bad bits after slash: " + go_quote(digits));
  if (huge || length < 0 || length > reader.ip.bits()) return refuse("prefix length out of range");
  if (reader.ip.is_mapped())
    return Error(ErrorCode::kInvalid, kWhile + ("IPv4-mapped IPv6 address " + go_quote(text)) + " is not allowed");
  return Cidr(reader.ip, length);
}

bool Cidr::contains(const Ip& address) const {
  return address.v4_ == ip_.v4_ && address.masked(length_) == ip_.masked(length_);
}

bool Cidr::contains(const Cidr& network) const { return length_ <= network.length_ && contains(network.ip_); }

}  // namespace pawl::cel::lib

#include "core/cel/lib/url.h"

#include <algorithm>
#include <cstdint>

#include "core/cel/lib/go_text.h"
#include "core/cel/lib/ip.h"

namespace pawl::cel::lib {

namespace {

// Which part of a URL a text belongs to; each escapes other characters.
enum class Part : std::uint8_t { kPath, kUserPassword, kHost, kZone, kQuery, kFragment };

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

bool is_escaped(char c, Part part) {
  if (is_alphanumeric(c) || is_one_of(c, "-_.~")) return false;
  if ((part == Part::kHost || part == Part::kZone) && is_one_of(c, "!$&'()*+,;=:[]<>\"")) return false;
  if (is_one_of(c, "$&+,/:;=?@")) {
    switch (part) {
      case Part::kPath:
        return c == '?';
      case Part::kUserPassword:
        return is_one_of(c, "@/?:");
      case Part::kQuery:
        return true;
      case Part::kFragment:
        return false;
      case Part::kHost:
      case Part::kZone:
        return true;
    }
  }
  return part != Part::kFragment || !is_one_of(c, "!()*");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string escape(std::string_view text, Part part) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (!is_escaped(c, part))
      out.push_back(c);
    else
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

Error bad(std::string message) { return Error(ErrorCode::kInvalid, std::move(message)); }
Error bad_escape(std::string_view text) { return bad("invalid URL escape " + go_quote(text.substr(0, 3))); }

// What may not be escaped in a host: only bytes outside of ASCII, and "%" itself.
Status check_escape(std::string_view text, Part part) {
  if (text.size() < 3 || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0) return bad_escape(text);
  bool percent = text.substr(0, 3) == "%25";
  if (part == Part::kHost && hex_digit(text[1]) < 8 && !percent) return bad_escape(text);
  char value = static_cast<char>(hex_digit(text[1]) * 16 + hex_digit(text[2]));
  if (part == Part::kZone && !percent && value != ' ' && is_escaped(value, Part::kHost)) return bad_escape(text);
  return {};
}

Result<std::string> unescape(std::string_view text, Part part) {
  bool host = part == Part::kHost || part == Part::kZone;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      PAWL_TRY(check_escape(text.substr(i), part));
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else if (host && static_cast<unsigned char>(c) < 0x80 && is_escaped(c, part)) {
      return bad("invalid character " + go_quote(text.substr(i, 1)) + " in host name");
    } else {
      out.push_back(c == '+' && part == Part::kQuery ? ' ' : c);
    }
  }
  return out;
}

// Whether `text` may have been written by somebody who escapes less or more than escape() does.
bool is_valid_encoding(std::string_view text, Part part) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_one_of(c, "!$&'()*+,;=:@[]%") || !is_escaped(c, part); });
}

std::string escape_as_written(const std::string& text, const std::string& raw, Part part) {
  if (!raw.empty() && is_valid_encoding(raw, part)) {
    Result<std::string> again = unescape(raw, part);
    if (again && *again == text) return raw;
  }
  return part == Part::kPath && text == "*" ? "*" : escape(text, part);
}

bool is_port(std::string_view text) {  // with its colon, or empty
  if (text.empty()) return true;
  return text[0] == ':' && text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::pair<std::string_view, std::string_view> split_port(std::string_view host) {
  std::string_view port;
  std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && is_port(host.substr(colon))) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, port};
}

}  // namespace

// net/url's parse(), one step a function.
struct UrlReader {
  bool via_request;
  Url out;

  Result<std::string_view> read_scheme(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      char c = text[i];
      if (c == ':' && i == 0) return bad("missing protocol scheme");
      if (c == ':') {
        out.scheme = text.substr(0, i);
        for (char& letter : out.scheme)
          letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
        return text.substr(i + 1);
      }
      bool letter = is_alphanumeric(c) && !(c >= '0' && c <= '9');
      if (!letter && (i == 0 || !(is_alphanumeric(c) || is_one_of(c, "+-.")))) break;
    }
    return text;
  }

  void cut_query(std::string_view& rest) {
    std::size_t mark = rest.find('?');
    if (mark == std::string_view::npos) return;
    out.empty_query = mark + 1 == rest.size();
    out.raw_query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }

  static Error bad_port(std::string_view port) { return bad("invalid port " + go_quote(port) + " after host"); }

  static Result<std::string> read_bracketed(std::string_view host) {
    std::size_t close = host.rfind(']');
    if (close == std::string_view::npos) return bad("missing ']' in host");
    std::string_view port = host.substr(close + 1);
    if (!is_port(port)) return bad_port(port);
    std::string_view name = host.substr(1, close - 1);
    std::size_t zone = std::min(name.find("%25"), name.size());
    PAWL_ASSIGN(std::string unescaped, unescape(name.substr(0, zone), Part::kHost));
    PAWL_ASSIGN(std::string unescaped_zone, unescape(name.substr(zone), Part::kZone));
    unescaped += unescaped_zone;
    std::optional<std::string> fault = ip_fault(unescaped);
    if (fault) return bad("invalid host: " + *fault);
    if (unescaped.find(':') == std::string::npos) return bad("invalid IP-literal");
    return "[" + unescaped + "]" + std::string(port);
  }

  static Result<std::string> read_host(std::string_view host) {
    std::size_t open = host.rfind('[');
    if (open == 0) return read_bracketed(host);
    if (open != std::string_view::npos) return bad("invalid IP-literal");
    std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && !is_port(host.substr(colon))) return bad_port(host.substr(colon));
    return unescape(host, Part::kHost);
  }

  Status read_user(std::string_view text) {
    auto taken = [](char c) { return is_alphanumeric(c) || is_one_of(c, "-._:~!$&'()*+,;=%@"); };
    if (!std::all_of(text.begin(), text.end(), taken)) return bad("net/url: invalid userinfo");
    std::size_t colon = std::min(text.find(':'), text.size());
    Url::User user;
    PAWL_ASSIGN(user.name, unescape(text.substr(0, colon), Part::kUserPassword));
    if (colon < text.size()) {
      PAWL_ASSIGN(std::string password, unescape(text.substr(colon + 1), Part::kUserPassword));
      user.password = std::move(password);
    }
    out.user = std::move(user);
    return {};
  }

  Status read_authority(std::string_view text) {
    std::size_t at = text.rfind('@');
    PAWL_ASSIGN(out.host, read_host(at == std::string_view::npos ? text : text.substr(at + 1)));
    return at == std::string_view::npos ? Status() : read_user(text.substr(0, at));
  }

  Status read_path(std::string_view text) {
    PAWL_ASSIGN(out.path, unescape(text, Part::kPath));
    if (escape(out.path, Part::kPath) != text) out.raw_path = text;
    return {};
  }

  Status read_hierarchy(std::string_view rest) {
    bool may_have_authority = !out.scheme.empty() || (!via_request && !rest.starts_with("///"));
    if (may_have_authority && rest.starts_with("//")) {
      std::string_view authority = rest.substr(2, rest.find('/', 2) - 2);
      rest.remove_prefix(2 + authority.size());
      PAWL_TRY(read_authority(authority));
    } else {
      out.no_authority = !out.scheme.empty();
    }
    return read_path(rest);
  }

  Status read_relative(std::string_view rest) {
    if (!out.scheme.empty()) {
      out.opaque = rest;
      return {};
    }
    if (via_request) return bad("invalid URI for request");
    if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos)
      return bad("first path segment in URL cannot contain colon");
    return read_path(rest);
  }

  Status read(std::string_view text) {
    auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::any_of(text.begin(), text.end(), control)) return bad("net/url: invalid control character in URL");
    if (text.empty() && via_request) return bad("empty url");
    if (text == "*") {
      out.path = "*";
      return {};
    }
    PAWL_ASSIGN(std::string_view rest, read_scheme(text));
    cut_query(rest);
    return rest.starts_with('/') ? read_hierarchy(rest) : read_relative(rest);
  }

  Status read_fragment(std::string_view text) {
    PAWL_ASSIGN(out.fragment, unescape(text, Part::kFragment));
    if (escape(out.fragment, Part::kFragment) != text) out.raw_fragment = text;
    return {};
  }
};

namespace {

std::string parse_fault(std::string_view text, const Error& error) {
  return "parse " + go_quote(text) + ": " + error.message;
}

}  // namespace

std::optional<std::string> request_uri_fault(std::string_view text) {
  UrlReader reader{true, {}};
  Status read = reader.read(text);
  if (read.ok()) return std::nullopt;
  return parse_fault(text, read.error());
}

Result<Url> Url::parse(std::string_view text) {
  const std::string kWhile = "URL parse error during conversion from string: ";
  if (std::optional<std::string> fault = request_uri_fault(text)) return bad(kWhile + *fault);
  std::size_t hash = std::min(text.find('#'), text.size());
  std::string_view before = text.substr(0, hash);
  UrlReader reader{false, {}};
  if (Status read = reader.read(before); !read.ok()) return bad(kWhile + parse_fault(before, read.error()));
  if (hash + 1 >= text.size()) return std::move(reader.out);
  if (Status read = reader.read_fragment(text.substr(hash + 1)); !read.ok())
    return bad(kWhile + parse_fault(text, read.error()));
  return std::move(reader.out);
}

std::string Url::hostname() const { return std::string(split_port(host).first); }
std::string Url::port() const { return std::string(split_port(host).second); }
std::string Url::escaped_path() const { return escape_as_written(path, raw_path, Part::kPath); }

std::map<std::string, std::vector<std::string>> Url::query() const {
  constexpr std::ptrdiff_t kMostParameters = 10'000;
  std::map<std::string, std::vector<std::string>> out;
  if (std::count(raw_query.begin(), raw_query.end(), '&') >= kMostParameters) return out;
  std::string_view rest = raw_query;
  while (!rest.empty()) {
    std::string_view parameter = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
    if (parameter.empty() || parameter.find(';') != std::string_view::npos) continue;
    std::size_t equals = std::min(parameter.find('='), parameter.size());
    Result<std::string> key = unescape(parameter.substr(0, equals), Part::kQuery);
    Result<std::string> value =
        unescape(equals < parameter.size() ? parameter.substr(equals + 1) : std::string_view(), Part::kQuery);
    if (key && value) out[*key].push_back(*value);
  }
  return out;
}

std::string Url::text() const {
  std::string out = scheme.empty() ? "" : scheme + ":";
  if (!opaque.empty()) {
    out += opaque;
  } else {
    bool bare = no_authority && host.empty() && !user;
    bool authority = (!scheme.empty() || !host.empty() || user) && !bare;
    if (authority && (!host.empty() || !path.empty() || user)) out += "//";
    if (authority && user) {
      out += escape(user->name, Part::kUserPassword);
      if (user->password) out += ":" + escape(*user->password, Part::kUserPassword);
      out += "@";
    }
    if (authority) out += escape(host, Part::kHost);
    std::string written = escaped_path();
    if (!written.empty() && written[0] != '/' && !host.empty()) out += "/";
    if (out.empty() && written.substr(0, written.find('/')).find(':') != std::string::npos) out += "./";
    out += written;
  }
  if (empty_query || !raw_query.empty()) out += "?" + raw_query;
  if (!fragment.empty()) out += "#" + escape_as_written(fragment, raw_fragment, Part::kFragment);
  return out;
}

}  // namespace pawl::cel::lib

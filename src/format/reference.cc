#include "format/reference.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::format {

namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestTag = 128;

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

// [a-z0-9]+ separated by ".", "_", "__" or any number of "-".
bool is_path_component(std::string_view part) {
  if (part.empty() || !is_lower_alnum(part.front()) || !is_lower_alnum(part.back())) return false;
  for (std::size_t i = 0; i < part.size();) {
    std::size_t end = i;
    while (end < part.size() && !is_lower_alnum(part[end])) ++end;
    std::string_view separator = part.substr(i, end - i);
    bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (!dashes && separator != "." && separator != "_" && separator != "__") return false;
    while (end < part.size() && is_lower_alnum(part[end])) ++end;
    i = end;
  }
  return true;
}

bool is_tag(std::string_view tag) {
  return !tag.empty() && tag.size() <= kLongestTag && is_word(tag[0]) &&
         std::all_of(tag.begin(), tag.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

bool is_host(std::string_view host) {
  std::size_t colon = host.rfind(':');
  bool bracketed = host.starts_with('[');
  if (bracketed) {
    std::size_t close = host.find(']');
    if (close == std::string_view::npos) return false;
    std::string_view rest = host.substr(close + 1);
    return rest.empty() || (rest[0] == ':' && rest.size() > 1 && std::all_of(rest.begin() + 1, rest.end(), is_digit));
  }
  if (colon != std::string_view::npos) {
    std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) return false;
    host = host.substr(0, colon);
  }
  for (std::string_view label : split(host, '.')) {
    bool fine = !label.empty() && label.front() != '-' && label.back() != '-' &&
                std::all_of(label.begin(), label.end(),
                            [](char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') || c == '-'; });
    if (!fine) return false;
  }
  return true;
}

// The first part of a name is a host when it has a dot or a port, or is "localhost".
bool looks_like_host(std::string_view part) {
  bool upper = std::any_of(part.begin(), part.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return part.find('.') != std::string_view::npos || part.find(':') != std::string_view::npos || part == "localhost" ||
         upper;
}

Error bad(std::string_view text, std::string_view why) {
  return Error(ErrorCode::kInvalid,
               "\"" + escape_terminal(text.substr(0, 200)) + "\" is not an image reference: " + std::string(why),
               "write it as [host/]path[:tag][@sha256:...]");
}

}  // namespace

Result<ImageReference> parse_image_reference(std::string_view text) {
  ImageReference out;
  std::string_view rest = text;
  if (std::size_t at = rest.find('@'); at != std::string_view::npos) {
    Result<crypto::Digest> digest = crypto::Digest::parse(rest.substr(at + 1));
    if (!digest) return bad(text, "its digest is malformed");
    out.digest = *digest;
    rest = rest.substr(0, at);
  }
  std::size_t colon = rest.rfind(':');
  bool has_tag = colon != std::string_view::npos && rest.find('/', colon) == std::string_view::npos;
  if (has_tag) {
    out.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (!is_tag(out.tag)) return bad(text, "its tag is malformed");
  }
  if (rest.empty() || rest.size() > kLongestName) return bad(text, "its name is empty or too long");
  out.familiar = rest;
  std::size_t slash = rest.find('/');
  bool has_host = slash != std::string_view::npos && looks_like_host(rest.substr(0, slash));
  std::string_view path = has_host ? rest.substr(slash + 1) : rest;
  if (has_host && !is_host(rest.substr(0, slash))) return bad(text, "its host is malformed");
  for (std::string_view part : split(path, '/')) {
    if (!is_path_component(part)) return bad(text, "its name is malformed (a-z, 0-9 and . _ - between)");
  }
  out.registry = has_host ? to_lower(rest.substr(0, slash)) : "docker.io";
  if (out.registry == "index.docker.io") out.registry = "docker.io";
  bool official = out.registry == "docker.io" && path.find('/') == std::string_view::npos;
  out.repository = (official ? "library/" : "") + std::string(path);
  return out;
}

std::string render_pinned(const ImageReference& reference, const crypto::Digest& digest) {
  return reference.familiar + (reference.tag.empty() ? "" : ":" + reference.tag) + "@" + digest.str();
}

}  // namespace pawl::format

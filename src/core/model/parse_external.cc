#include <fmt/format.h>

#include <algorithm>

#include "core/model/parse.h"
#include "format/url.h"

namespace pawl::model {

namespace {

constexpr std::uint32_t kMostRetries = 10;
constexpr Duration kLongestTimeout = std::chrono::minutes(2);

bool is_variable(std::string_view name) {
  bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return plain && !name.empty() && name.size() <= 128 && !(name[0] >= '0' && name[0] <= '9');
}

void check_url(FieldReader& reader, const Node& node, const std::string& text) {
  const format::Value* at = reader.field(node, "url");
  if (at == nullptr || text.empty()) return;
  std::optional<format::Url> url = format::parse_url(text);
  if (!url || !format::is_private(*url))
    reader.error(*at, "url", fmt::format("{}.url is no https:// URL", node.where),
                 "http:// is for this machine alone, and a URL holds no user and no fragment");
}

SecretSource parse_secret(FieldReader& reader, const Node& node) {
  SecretSource out;
  if (node.value == nullptr) return out;
  auto member = reader.union_member(node);
  if (!member) return out;
  auto& [kind, at] = *member;
  if (kind == "file") {
    out.file = checked_path(reader, *at.value, reader.text(node, "file"), at.where, true);
    return out;
  }
  out.environment = reader.text(node, "env");
  if (!out.environment.empty() && !is_variable(out.environment))
    reader.error(*at.value, "variable", fmt::format("{} is no variable's name", at.where), "env: CHANGE_SECRET");
  return out;
}

}  // namespace

ExternalGate parse_external(FieldReader& reader, const Node& node) {
  ExternalGate gate;
  if (!reader.open(node)) return gate;
  gate.name = reader.text(node, "name");
  gate.url = reader.text(node, "url");
  check_url(reader, node, gate.url);
  gate.secret = parse_secret(reader, reader.child(node, "secretFrom"));
  gate.timeout = reader.duration(node, "timeout", gate.timeout);
  gate.retries = reader.count(node, "retries", gate.retries);
  if (gate.retries > kMostRetries)
    reader.error(*reader.field(node, "retries"), "bound", fmt::format("at most {} retries", kMostRetries));
  bool bounded = gate.timeout > Duration{} && gate.timeout <= kLongestTimeout;
  if (const format::Value* at = reader.field(node, "timeout"); at != nullptr && !bounded)
    reader.error(*at, "bound", fmt::format("{}.timeout is not between 1ms and 2m", node.where));
  return gate;
}

}  // namespace pawl::model

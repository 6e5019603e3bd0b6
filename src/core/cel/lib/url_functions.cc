#include "core/cel/lib/declare.h"
#include "core/cel/lib/kubernetes.h"
#include "core/cel/lib/url.h"

namespace pawl::cel::lib {

namespace {

// The text that was read; its parts are found again when they are asked for.
struct UrlValue : Opaque {
  static const OpaqueClass kClass;
  std::string_view text;

  Url url() const { return Url::parse(text).value(); }
};

Type url_type() { return Type::opaque("kubernetes.URL"); }

Url url_in(const Value& value) { return value.as<UrlValue>().url(); }

Value to_url(Call& call, Arguments arguments) {
  Result<Url> url = Url::parse(arguments[0].text());
  if (!url) return fault(call, url.error().message);
  return Value::opaque(call.arena.make<UrlValue>(Opaque{&UrlValue::kClass}, arguments[0].text()));
}
Value is_url(Call&, Arguments arguments) { return Value::boolean(!request_uri_fault(arguments[0].text()).has_value()); }

Value scheme(Call& call, Arguments arguments) { return text_of(call, url_in(arguments[0]).scheme); }
Value host(Call& call, Arguments arguments) { return text_of(call, url_in(arguments[0]).host); }
Value hostname(Call& call, Arguments arguments) { return text_of(call, url_in(arguments[0]).hostname()); }
Value port(Call& call, Arguments arguments) { return text_of(call, url_in(arguments[0]).port()); }
Value escaped_path(Call& call, Arguments arguments) { return text_of(call, url_in(arguments[0]).escaped_path()); }

Value query(Call& call, Arguments arguments) {
  std::vector<MapEntry> entries;
  for (const auto& [name, values] : url_in(arguments[0]).query())
    entries.push_back({text_of(call, name), list_of(call, values)});
  return Value::map(call.arena, entries);
}

const OpaqueClass UrlValue::kClass = {"kubernetes.URL", [](const Opaque& a, const Opaque& b) {
                                        return static_cast<const UrlValue&>(a).url().text() ==
                                               static_cast<const UrlValue&>(b).url().text();
                                      }};

}  // namespace

void add_url(Registry& registry) {
  registry.add("url", function("string_to_url", {string_type()}, url_type(), to_url));
  registry.add("isURL", function("is_url_string", {string_type()}, bool_type(), is_url));
  registry.set_cost("url", cost_of_walk);
  auto add = [&](std::string_view name, std::string id, Type result, Implementation run) {
    registry.add(name, method(std::move(id), {url_type()}, std::move(result), run));
    registry.set_cost(name, cost_of_one);
  };
  add("getScheme", "url_get_scheme", string_type(), scheme);
  add("getHost", "url_get_host", string_type(), host);
  add("getHostname", "url_get_hostname", string_type(), hostname);
  add("getPort", "url_get_port", string_type(), port);
  add("getEscapedPath", "url_get_escaped_path", string_type(), escaped_path);
  add("getQuery", "url_get_query", Type::map(string_type(), Type::list(string_type())), query);
}

}  // namespace pawl::cel::lib

#include "core/cel/lib/net.h"

#include "core/cel/lib/declare.h"

namespace pawl::cel::lib {

namespace {

Type ip_type() { return Type::opaque("net.IP"); }
Type cidr_type() { return Type::opaque("net.CIDR"); }

const Ip& ip_in(const Value& value) { return value.as<IpValue>().ip; }
const Cidr& cidr_in(const Value& value) { return value.as<CidrValue>().cidr; }

Value value_of(Call& call, const Ip& ip) {
  return Value::opaque(call.arena.make<IpValue>(Opaque{&IpValue::kClass}, ip));
}
Value value_of(Call& call, const Cidr& cidr) {
  return Value::opaque(call.arena.make<CidrValue>(Opaque{&CidrValue::kClass}, cidr));
}

Value to_ip(Call& call, Arguments arguments) {
  Result<Ip> ip = Ip::parse(arguments[0].text());
  return ip ? value_of(call, *ip) : fault(call, ip.error().message);
}
Value to_cidr(Call& call, Arguments arguments) {
  Result<Cidr> cidr = Cidr::parse(arguments[0].text());
  return cidr ? value_of(call, *cidr) : fault(call, cidr.error().message);
}
Value is_ip(Call&, Arguments arguments) { return Value::boolean(Ip::parse(arguments[0].text()).ok()); }
Value is_cidr(Call&, Arguments arguments) { return Value::boolean(Cidr::parse(arguments[0].text()).ok()); }

Value is_canonical(Call& call, Arguments arguments) {
  Result<Ip> ip = Ip::parse(arguments[0].text());
  return ip ? Value::boolean(ip->text() == arguments[0].text()) : fault(call, ip.error().message);
}

Value ip_text(Call& call, Arguments arguments) { return text_of(call, ip_in(arguments[0]).text()); }
Value cidr_text(Call& call, Arguments arguments) { return text_of(call, cidr_in(arguments[0]).text()); }
Value family(Call&, Arguments arguments) { return Value::integer(std::int64_t{ip_in(arguments[0]).family()}); }

template <bool (Ip::*kIs)() const>
Value is(Call&, Arguments arguments) {
  return Value::boolean((ip_in(arguments[0]).*kIs)());
}

Value contains_ip(Call&, Arguments arguments) {
  return Value::boolean(cidr_in(arguments[0]).contains(ip_in(arguments[1])));
}
Value contains_ip_text(Call&, Arguments arguments) {
  Result<Ip> ip = Ip::parse(arguments[1].text());
  // Kubernetes hands the parser's error on as if it were an address, and loses it there.
  return ip ? Value::boolean(cidr_in(arguments[0]).contains(*ip)) : no_such_overload();
}
Value contains_cidr(Call&, Arguments arguments) {
  return Value::boolean(cidr_in(arguments[0]).contains(cidr_in(arguments[1])));
}
Value contains_cidr_text(Call& call, Arguments arguments) {
  Result<Cidr> cidr = Cidr::parse(arguments[1].text());
  return cidr ? Value::boolean(cidr_in(arguments[0]).contains(*cidr)) : fault(call, cidr.error().message);
}

Value address_of(Call& call, Arguments arguments) { return value_of(call, cidr_in(arguments[0]).ip()); }
Value masked(Call& call, Arguments arguments) { return value_of(call, cidr_in(arguments[0]).masked()); }
Value prefix_length(Call&, Arguments arguments) {
  return Value::integer(std::int64_t{cidr_in(arguments[0]).prefix_length()});
}

std::optional<std::uint64_t> cost_of_ip(Arguments arguments, const Value&) {
  if (arguments[0].is_opaque(CidrValue::kClass)) return 1;
  return walk_cost(cost_size(arguments[0]));
}

std::optional<std::uint64_t> cost_of_canonical(Arguments arguments, const Value&) {
  return walk_cost(cost_size(arguments[0]), 2);
}

std::optional<std::uint64_t> cost_of_contains_ip(Arguments arguments, const Value&) {
  std::uint64_t parsed = arguments[1].is_string() ? walk_cost(cost_size(arguments[1])) : 0;
  return walk_cost(2 * cost_size(arguments[0])) + parsed;
}

std::optional<std::uint64_t> cost_of_contains_cidr(Arguments arguments, const Value& result) {
  return *cost_of_contains_ip(arguments, result) + walk_cost(cost_size(arguments[0])) + 1;
}

void add_ip(Registry& registry) {
  registry.add_constant("net.IP", Type::type_of(ip_type()), Value::type("net.IP"));
  registry.add("ip", function("string_to_ip", {string_type()}, ip_type(), to_ip));
  registry.add("isIP", function("is_ip", {string_type()}, bool_type(), is_ip));
  registry.add("ip.isCanonical", function("ip_is_canonical", {string_type()}, bool_type(), is_canonical));
  registry.add("string", function("ip_to_string", {ip_type()}, string_type(), ip_text));
  registry.add("family", method("ip_family", {ip_type()}, int_type(), family));
  auto add_is = [&](std::string_view name, std::string id, Implementation run) {
    registry.add(name, method(std::move(id), {ip_type()}, bool_type(), run));
    registry.set_cost(name, cost_of_one);
  };
  add_is("isUnspecified", "ip_is_unspecified", is<&Ip::is_unspecified>);
  add_is("isLoopback", "ip_is_loopback", is<&Ip::is_loopback>);
  add_is("isLinkLocalMulticast", "ip_is_link_local_multicast", is<&Ip::is_link_local_multicast>);
  add_is("isLinkLocalUnicast", "ip_is_link_local_unicast", is<&Ip::is_link_local_unicast>);
  add_is("isGlobalUnicast", "ip_is_global_unicast", is<&Ip::is_global_unicast>);
  registry.set_cost("ip", cost_of_ip);
  registry.set_cost("isIP", cost_of_walk);
  registry.set_cost("ip.isCanonical", cost_of_canonical);
  registry.set_cost("family", cost_of_one);
}

void add_cidr(Registry& registry) {
  registry.add_constant("net.CIDR", Type::type_of(cidr_type()), Value::type("net.CIDR"));
  registry.add("cidr", function("string_to_cidr", {string_type()}, cidr_type(), to_cidr));
  registry.add("isCIDR", function("is_cidr", {string_type()}, bool_type(), is_cidr));
  registry.add("string", function("cidr_to_string", {cidr_type()}, string_type(), cidr_text));
  registry.add("containsIP",
               method("cidr_contains_ip_string", {cidr_type(), string_type()}, bool_type(), contains_ip_text));
  registry.add("containsIP", method("cidr_contains_ip_ip", {cidr_type(), ip_type()}, bool_type(), contains_ip));
  registry.add("containsCIDR",
               method("cidr_contains_cidr_string", {cidr_type(), string_type()}, bool_type(), contains_cidr_text));
  registry.add("containsCIDR", method("cidr_contains_cidr", {cidr_type(), cidr_type()}, bool_type(), contains_cidr));
  registry.add("ip", method("cidr_ip", {cidr_type()}, ip_type(), address_of));
  registry.add("prefixLength", method("cidr_prefix_length", {cidr_type()}, int_type(), prefix_length));
  registry.add("masked", method("cidr_masked", {cidr_type()}, cidr_type(), masked));
  registry.set_cost("cidr", cost_of_walk);
  registry.set_cost("isCIDR", cost_of_walk);
  registry.set_cost("containsIP", cost_of_contains_ip);
  registry.set_cost("containsCIDR", cost_of_contains_cidr);
  registry.set_cost("prefixLength", cost_of_one);
  registry.set_cost("masked", cost_of_one);
}

}  // namespace

const OpaqueClass IpValue::kClass = {
    "net.IP",
    [](const Opaque& a, const Opaque& b) {
      return static_cast<const IpValue&>(a).ip == static_cast<const IpValue&>(b).ip;
    },
    [](const Opaque& value) { return static_cast<std::uint64_t>(static_cast<const IpValue&>(value).ip.bits() / 8); }};
const OpaqueClass CidrValue::kClass = {
    "net.CIDR",
    [](const Opaque& a, const Opaque& b) {
      return static_cast<const CidrValue&>(a).cidr == static_cast<const CidrValue&>(b).cidr;
    },
    [](const Opaque& value) {
      return static_cast<std::uint64_t>((static_cast<const CidrValue&>(value).cidr.prefix_length() + 7) / 8);
    }};

void add_net(Registry& registry) {
  add_ip(registry);
  add_cidr(registry);
}

}  // namespace pawl::cel::lib

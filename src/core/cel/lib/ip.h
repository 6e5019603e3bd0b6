#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::cel::lib {

// An IP address as Go's net/netip reads it (RFC 4291 section 2.2; IPv4 as four decimal numbers), without a zone and not
// IPv4-mapped: what the functions of Kubernetes' CEL take. An immutable value.
class Ip {
 public:
  // Errors: kInvalid with Kubernetes' text.
  static Result<Ip> parse(std::string_view text);

  bool is_v4() const { return v4_; }
  int family() const { return v4_ ? 4 : 6; }
  int bits() const { return v4_ ? 32 : 128; }
  // RFC 5952.
  std::string text() const;

  bool is_unspecified() const;
  bool is_loopback() const;
  bool is_link_local_multicast() const;
  bool is_link_local_unicast() const;
  bool is_global_unicast() const;  // private addresses are global, too

  // With all but the first `bits` bits zero.
  Ip masked(int bits) const;

  bool operator==(const Ip&) const = default;

 private:
  friend class Cidr;
  friend struct IpReader;

  bool is_multicast() const;
  bool is_mapped() const;

  std::array<std::uint8_t, 16> bytes_ = {};  // the first four of an IPv4 address
  bool v4_ = false;
};

// An address and the length of its network's prefix: "10.0.0.1/8". The bits behind the prefix are kept.
class Cidr {
 public:
  // Errors: kInvalid with Kubernetes' text.
  static Result<Cidr> parse(std::string_view text);

  const Ip& ip() const { return ip_; }
  int prefix_length() const { return length_; }
  std::string text() const { return ip_.text() + "/" + std::to_string(length_); }
  Cidr masked() const { return Cidr(ip_.masked(length_), length_); }
  bool contains(const Ip& address) const;
  bool contains(const Cidr& network) const;

  bool operator==(const Cidr&) const = default;

 private:
  Cidr(Ip ip, int length) : ip_(ip), length_(length) {}

  Ip ip_;
  int length_;
};

// What Go's net/netip.ParseAddr says against `text`, or nothing; it takes zones and IPv4-mapped addresses, too.
std::optional<std::string> ip_fault(std::string_view text);

}  // namespace pawl::cel::lib

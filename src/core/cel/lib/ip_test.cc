#include "core/cel/lib/ip.h"

#include <gtest/gtest.h>

namespace pawl::cel::lib {
namespace {

// Expectations are what Go's net/netip and k8s.io/apiserver v0.34.4 answer.

struct Reading {
  const char* text;
  const char* canonical;
  int family;
  std::string_view is;  // U nspecified, L oopback, link-local M ulticast, link-local unica S t, G lobal unicast
};

TEST(Ip, ReadsAndClassifies) {
  const Reading readings[] = {
      {"1.2.3.4", "1.2.3.4", 4, "G"},
      {"127.0.0.1", "127.0.0.1", 4, "L"},
      {"0.0.0.0", "0.0.0.0", 4, "U"},
      {"255.255.255.255", "255.255.255.255", 4, ""},
      {"224.0.0.5", "224.0.0.5", 4, "M"},
      {"224.0.1.5", "224.0.1.5", 4, ""},
      {"169.254.1.1", "169.254.1.1", 4, "S"},
      {"10.0.0.1", "10.0.0.1", 4, "G"},
      {"::", "::", 6, "U"},
      {"::1", "::1", 6, "L"},
      {"fe80::1", "fe80::1", 6, "S"},
      {"ff02::1", "ff02::1", 6, "M"},
      {"ff12::1", "ff12::1", 6, "M"},
      {"ff05::1", "ff05::1", 6, ""},
      {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", 6, "G"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3", 6, "G"},
      {"64:ff9b::1.2.3.4", "64:ff9b::102:304", 6, "G"},
      {"0:0:0:1::", "0:0:0:1::", 6, "G"},
  };
  for (const Reading& reading : readings) {
    Result<Ip> ip = Ip::parse(reading.text);
    ASSERT_TRUE(ip.ok()) << reading.text;
    EXPECT_EQ(ip->text(), reading.canonical);
    EXPECT_EQ(ip->family(), reading.family);
    auto expected = [&](char letter) { return reading.is.find(letter) != std::string_view::npos; };
    EXPECT_EQ(ip->is_unspecified(), expected('U')) << reading.text;
    EXPECT_EQ(ip->is_loopback(), expected('L')) << reading.text;
    EXPECT_EQ(ip->is_link_local_multicast(), expected('M')) << reading.text;
    EXPECT_EQ(ip->is_link_local_unicast(), expected('S')) << reading.text;
    EXPECT_EQ(ip->is_global_unicast(), expected('G')) << reading.text;
  }
}

struct Refusal {
  const char* text;
  const char* fault;
};

TEST(Ip, RefusesInKubernetesWords) {
  const Refusal refusals[] = {
      {"", "IP Address \"\" parse error during conversion from string: ParseAddr(\"\"): unable to parse IP"},
      {"1", "IP Address \"1\" parse error during conversion from string: ParseAddr(\"1\"): unable to parse IP"},
      {"1.2.3",
       "IP Address \"1.2.3\" parse error during conversion from string: ParseAddr(\"1.2.3\"): IPv4 address too short"},
      {"1.2.3.4.5",
       "IP Address \"1.2.3.4.5\" parse error during conversion from string: ParseAddr(\"1.2.3.4.5\"): IPv4 address too "
       "long"},
      {"01.2.3.4",
       "IP Address \"01.2.3.4\" parse error during conversion from string: ParseAddr(\"01.2.3.4\"): IPv4 field has "
       "octet with leading zero"},
      {"256.1.1.1",
       "IP Address \"256.1.1.1\" parse error during conversion from string: ParseAddr(\"256.1.1.1\"): IPv4 field has "
       "value >255"},
      {"1..2.3",
       "IP Address \"1..2.3\" parse error during conversion from string: ParseAddr(\"1..2.3\"): IPv4 field must have "
       "at least one digit (at \".2.3\")"},
      {"1.2.3.x",
       "IP Address \"1.2.3.x\" parse error during conversion from string: ParseAddr(\"1.2.3.x\"): unexpected character "
       "(at \"x\")"},
      {"::ffff:1.2.3.4", "IPv4-mapped IPv6 address \"::ffff:1.2.3.4\" is not allowed"},
      {"fe80::1%eth0", "IP address \"fe80::1%eth0\" with zone value is not allowed"},
      {"%eth0",
       "IP Address \"%eth0\" parse error during conversion from string: ParseAddr(\"%eth0\"): missing IPv6 address"},
      {"::1%",
       "IP Address \"::1%\" parse error during conversion from string: ParseAddr(\"::1%\"): zone must be a non-empty "
       "string"},
      {"1:2:3:4:5:6:7",
       "IP Address \"1:2:3:4:5:6:7\" parse error during conversion from string: ParseAddr(\"1:2:3:4:5:6:7\"): address "
       "string too short"},
      {"1:2:3:4:5:6:7:8:9",
       "IP Address \"1:2:3:4:5:6:7:8:9\" parse error during conversion from string: ParseAddr(\"1:2:3:4:5:6:7:8:9\"): "
       "trailing garbage after address (at \"9\")"},
      {"1:2:3:4:5:6:7::8",
       "IP Address \"1:2:3:4:5:6:7::8\" parse error during conversion from string: ParseAddr(\"1:2:3:4:5:6:7::8\"): "
       "the :: must expand to at least one field of zeros"},
      {"1::2::3",
       "IP Address \"1::2::3\" parse error during conversion from string: ParseAddr(\"1::2::3\"): multiple :: in "
       "address (at \":3\")"},
      {"12345::",
       "IP Address \"12345::\" parse error during conversion from string: ParseAddr(\"12345::\"): each group must have "
       "4 or less digits (at \"12345::\")"},
      {"1:",
       "IP Address \"1:\" parse error during conversion from string: ParseAddr(\"1:\"): colon must be followed by more "
       "characters (at \":\")"},
      {"g::",
       "IP Address \"g::\" parse error during conversion from string: ParseAddr(\"g::\"): each colon-separated field "
       "must have at least one digit (at \"g::\")"},
      {"1:2:3:4:5:6:7:1.2.3.4",
       "IP Address \"1:2:3:4:5:6:7:1.2.3.4\" parse error during conversion from string: "
       "ParseAddr(\"1:2:3:4:5:6:7:1.2.3.4\"): embedded IPv4 address must replace the final 2 fields of the address (at "
       "\"1.2.3.4\")"},
      {"1:1.2.3.4",
       "IP Address \"1:1.2.3.4\" parse error during conversion from string: ParseAddr(\"1:1.2.3.4\"): embedded IPv4 "
       "address must replace the final 2 fields of the address (at \"1.2.3.4\")"},
  };
  for (const Refusal& refusal : refusals) {
    Result<Ip> ip = Ip::parse(refusal.text);
    ASSERT_FALSE(ip.ok()) << refusal.text;
    EXPECT_EQ(ip.error().message, refusal.fault);
  }
}

struct Network {
  const char* text;
  const char* masked;
  const char* ip;
  int length;
};

TEST(Cidr, Reads) {
  const Network networks[] = {
      {"10.1.2.3/8", "10.0.0.0/8", "10.1.2.3", 8},
      {"0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", 0},
      {"1.2.3.4/32", "1.2.3.4/32", "1.2.3.4", 32},
      {"2001:db8::1/33", "2001:db8::/33", "2001:db8::1", 33},
      {"::/0", "::/0", "::", 0},
      {"::1/128", "::1/128", "::1", 128},
  };
  for (const Network& network : networks) {
    Result<Cidr> cidr = Cidr::parse(network.text);
    ASSERT_TRUE(cidr.ok()) << network.text;
    EXPECT_EQ(cidr->text(), network.text);
    EXPECT_EQ(cidr->masked().text(), network.masked);
    EXPECT_EQ(cidr->ip().text(), network.ip);
    EXPECT_EQ(cidr->prefix_length(), network.length);
  }
}

TEST(Cidr, RefusesInKubernetesWords) {
  const Refusal refusals[] = {
      {"10.0.0.0",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"10.0.0.0\"): no '/'"},
      {"10.0.0.0/",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"10.0.0.0/\"): bad bits after slash: \"\""},
      {"10.0.0.0/33",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"10.0.0.0/33\"): prefix length out of range"},
      {"10.0.0.0/08",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"10.0.0.0/08\"): bad bits after slash: \"08\""},
      {"10.0.0.0/-1",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"10.0.0.0/-1\"): bad bits after slash: \"-1\""},
      {"10.0.0.0/x",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"10.0.0.0/x\"): bad bits after slash: \"x\""},
      {"x/8",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"x/8\"): ParseAddr(\"x\"): unable to parse IP"},
      {"::ffff:1.2.3.4/96",
       "network address parse error during conversion from string: IPv4-mapped IPv6 address \"::ffff:1.2.3.4/96\" is "
       "not allowed"},
      {"fe80::1%eth0/64",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"fe80::1%eth0/64\"): IPv6 zones cannot be present in a prefix"},
      {"::/129",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"::/129\"): prefix length out of range"},
      {"10.0.0.0/99999999999999999999",
       "network address parse error during conversion from string: network address parse error during conversion from "
       "string: netip.ParsePrefix(\"10.0.0.0/99999999999999999999\"): bad bits after slash: \"99999999999999999999\""},
  };
  for (const Refusal& refusal : refusals) {
    Result<Cidr> cidr = Cidr::parse(refusal.text);
    ASSERT_FALSE(cidr.ok()) << refusal.text;
    EXPECT_EQ(cidr.error().message, refusal.fault);
  }
}

struct Containment {
  const char* outer;
  const char* inner;
  bool network;
  bool address;
};

TEST(Cidr, Contains) {
  const Containment rows[] = {
      {"10.0.0.0/8", "10.1.0.0/16", true, true},  {"10.0.0.0/16", "10.0.0.0/8", false, true},
      {"10.0.0.0/8", "11.0.0.0/8", false, false}, {"0.0.0.0/0", "1.1.1.1/32", true, true},
      {"0.0.0.0/0", "::1/128", false, false},     {"2001:db8::/32", "2001:db8:1::/48", true, true},
      {"10.0.0.1/8", "10.0.0.2/8", true, true},
  };
  for (const Containment& row : rows) {
    Cidr outer = *Cidr::parse(row.outer);
    Cidr inner = *Cidr::parse(row.inner);
    EXPECT_EQ(outer.contains(inner), row.network) << row.outer << " " << row.inner;
    EXPECT_EQ(outer.contains(inner.ip()), row.address) << row.outer << " " << row.inner;
  }
}

}  // namespace
}  // namespace pawl::cel::lib

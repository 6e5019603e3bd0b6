#include <gtest/gtest.h>

#include <cmath>

#include "core/cel/program.h"

namespace pawl::cel::lib {
namespace {

// Each row is an expression, what it gives and what it costs, as cel-go v0.26.0 and k8s.io/apiserver v0.34.4 answer.
struct Row {
  const char* expression;
  const char* result;
  std::uint64_t cost;
};

std::string shown(const Value& value);

std::string shown_parts(const Value& value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    out += i > 0 ? ", " : "";
    out += value.is_list() ? shown(value.item(i)) : shown(value.key(i)) + ": " + shown(value.entry(i));
  }
  return out;
}

std::string shown_number(double value) {
  if (std::isnan(value)) return "nan";
  std::string out(64, '\0');
  out.resize(static_cast<std::size_t>(std::snprintf(out.data(), out.size(), "%.17g", value)));
  return out;
}

std::string shown(const Value& value) {
  if (value.is_error()) return "error: " + std::string(value.text());
  if (value.is_string() || value.is_bytes()) return std::string(value.text());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_int()) return std::to_string(value.as_int());
  if (value.is_uint()) return std::to_string(value.as_uint()) + "u";
  if (value.is_double()) return shown_number(value.as_double());
  if (value.is_list()) return "[" + shown_parts(value) + "]";
  if (value.is_map()) return "{" + shown_parts(value) + "}";
  if (value.is(Value::Kind::kOptional))
    return value.has_value() ? "some(" + shown(value.optional_value()) + ")" : "none";
  return std::string(type_name(value));
}

void expect(Dialect dialect, std::initializer_list<Row> rows) {
  Environment environment(dialect);
  for (const Row& row : rows) {
    Result<Program> program = Program::compile(environment, row.expression);
    ASSERT_TRUE(program.ok()) << program.error().message;
    Arena arena;
    Evaluation evaluation = program->evaluate(Activation(environment), arena);
    EXPECT_EQ(shown(evaluation.value), row.result) << row.expression;
    EXPECT_EQ(evaluation.cost, row.cost) << row.expression;
  }
}

TEST(Libraries, Strings) {
  expect(Dialect::kKubernetes,
         {
             {R"("tacocat".charAt(3))", "o", 1},
             {R"("tacocat".charAt(7))", "", 1},
             {R"("tacocat".charAt(8))", "error: index out of range: 8", 1},
             {R"("日本語".charAt(1))", "本", 1},
             {R"("tacocat".indexOf("co"))", "2", 0},
             {R"("tacocat".indexOf("a", 3))", "5", 0},
             {R"("tacocat".indexOf(""))", "0", 0},
             {R"("tacocat".indexOf("", 9))", "9", 0},
             {R"("tacocat".indexOf("a", 30))", "-1", 0},
             {R"("tacocat".indexOf("a", -1))", "error: index out of range: -1", 0},
             {R"("日本語日".lastIndexOf("日"))", "3", 1},
             {R"("tacocat".lastIndexOf("a", 3))", "1", 0},
             {R"("tacocat".lastIndexOf(""))", "7", 0},
             {R"("tacocat".lastIndexOf("a", -1))", "error: index out of range: -1", 0},
             {R"("tacocat".substring(4))", "cat", 1},
             {R"("tacocat".substring(0, 4))", "taco", 1},
             {R"("tacocat".substring(2, 1))", "error: invalid substring range. start: 2, end: 1", 1},
             {R"("tacocat".substring(40))", "error: index out of range: 40", 1},
             {R"("日本語".substring(1, 2))", "本", 1},
             {R"("hello hello".replace("he", "we"))", "wello wello", 3},
             {R"("hello hello".replace("he", "we", 1))", "wello hello", 3},
             {R"("hello".replace("", "_"))", "_h_e_l_l_o_", 1},
             {R"("日本".replace("", "_", 2))", "_日_本", 1},
             {R"("hello hello".split(" "))", "[hello, hello]", 3},
             {R"("hello".split(""))", "[h, e, l, l, o]", 1},
             {R"("a,b,c".split(",", 2))", "[a, b,c]", 1},
             {R"("a,b,c".split(",", 0))", "[]", 1},
             {R"("".split(""))", "[]", 0},
             {R"("TacoCÆt".lowerAscii())", "tacocÆt", 1},
             {R"("TacoCÆt".upperAscii())", "TACOCÆT", 1},
             {R"("  \ttrim\n    ".trim())", "trim", 2},
             {R"(["a", "b"].join())", "ab", 1},
             {R"(["a", "b"].join(", "))", "a, b", 1},
             {R"([].join("-"))", "", 0},
             {R"(strings.quote("first\nsecond \"x\" \u0007 é"))", R"("first\nsecond \"x\" \a é")", 2},
         });
}

TEST(Libraries, StringsOfTheStandard) {
  expect(Dialect::kStandard, {
                                 {R"("gums".reverse())", "smug", 1},
                                 {R"("日本".reverse())", "本日", 1},
                                 {R"(dyn(["a", 1]).join())", "error: join: invalid input: 1", 1},
                                 {R"(dyn(["a", 1.5]).join("-"))", "error: join: invalid input: 1.5", 1},
                             });
}

TEST(Libraries, FormatOfTheStandard) {
  expect(
      Dialect::kStandard,
      {
          {R"("%s %s".format(["a", dyn(1)]))", "a 1", 1},
          {R"("%s".format([1e21]))", "1000000000000000000000", 1},
          {R"("%s".format([[1, dyn("a"), dyn(2.5), dyn(null), dyn(true), dyn(b"x")]]))", "[1, a, 2.5, null, true, x]",
           1},
          {R"("%s".format([{"b": dyn([1.0]), "a": dyn(type(1)), "c": dyn(duration("90s"))}]))",
           "{a: int, b: [1], c: 90s}", 1},
          {R"("%s".format([timestamp("2020-01-01T00:00:00.5Z")]))", "2020-01-01T00:00:00.5Z", 1},
          {R"("%d %d".format([dyn(1), dyn(18446744073709551615u)]))", "1 18446744073709551615", 1},
          {R"("%d".format([1.5]))", "1.5", 1},
          {R"("%.3f %f".format([2.71828, -0.0]))", "2.718 -0.000000", 1},
          {R"("%f".format([double("-Infinity")]))", "-Infinity", 1},
          {R"("%f".format([dyn(7)]))", "%!f(int64=000007)", 1},
          {R"("%.0e|%e|%.3e".format([1.5, 123456.789, 1e-300]))", "2e+00|1.234568e+05|1.000e-300", 2},
          {R"("%e".format([double("NaN")]))", "NaN", 1},
          {R"("%b %b %b".format([dyn(5), dyn(-5), dyn(true)]))", "101 -101 1", 1},
          {R"("%x %X %x %x".format([dyn(255), dyn("héllo"), dyn(b"\xff\x00"), dyn(-255)]))", "ff 68C3A96C6C6F ff00 -ff",
           2},
          {R"("%o".format([dyn(8)]))", "10", 1},
          {R"("%%%s%%".format(["x"]))", "%x%", 1},
          {R"("%s".format(dyn([optional.of(1)])))",
           "error: error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, "
           "maps, lists, types, durations, and timestamps, was given optional_type",
           13},
          {R"("%d".format(dyn(["a"])))",
           "error: error during formatting: decimal clause can only be used on ints, uints, and doubles, was given "
           "string",
           1},
          {R"("%f".format(dyn(["a"])))",
           "error: error during formatting: fixed-point clause can only be used on ints, uints, and doubles, was given "
           "string",
           1},
          {R"("%x".format(dyn([1.5])))",
           "error: error during formatting: only ints, uints, bytes, and strings can be formatted as hex, was given "
           "double",
           1},
          {R"("%b".format(dyn(["a"])))",
           "error: error during formatting: only ints, uints, and bools can be formatted as binary, was given string",
           1},
          {R"("%o".format(dyn([1.5])))",
           "error: error during formatting: octal clause can only be used on ints and uints, was given double", 1},
          {R"("%e".format(dyn(["a"])))",
           "error: error during formatting: scientific clause can only be used on ints, uints, and doubles, was given "
           "string",
           1},
      });
}

TEST(Libraries, FormatOfKubernetes) {
  expect(
      Dialect::kKubernetes,
      {
          {R"("%s %s".format(["a", dyn(1)]))", "a 1", 1},
          {R"("%s".format([1e21]))", "1e+21", 1},
          {R"("%s".format([[dyn(1), dyn("a\n\u200b"), dyn(2.5), dyn(null), dyn(true), dyn(b"x"), dyn(double("NaN"))]]))",
           R"([1, "a\n\u200b", 2.500000, null, true, b"x", "NaN"])", 1},
          {R"("%s".format([{"b": dyn([1.0]), "a": dyn(type(1)), "c": dyn(duration("90s")), "d": dyn(timestamp("2020-01-01T00:00:00Z"))}]))",
           R"({"a":int, "b":[1.000000], "c":duration("90s"), "d":timestamp("2020-01-01T00:00:00Z")})", 1},
          {R"("%s".format([b"\xff"]))",
           R"(error: error during formatting: could not convert argument "invalid UTF-8 in bytes, cannot convert to string" to string)",
           1},
          {R"("%d".format(dyn([1.5])))",
           "error: error during formatting: decimal clause can only be used on integers, was given double", 1},
          {R"("%f".format([1234567.891]))", "1,234,567.891000", 1},
          {R"("%.0f".format([-1234567.5]))", "-1,234,568", 1},
          {R"("%f %f".format([double("NaN"), double("-Infinity")]))", "NaN -∞", 1},
          {R"("%f".format(dyn(["Infinity"])))", "∞", 1},
          {R"("%e".format([12345.6]))", "1.234560×10⁰⁴", 1},
          {R"("%.12e".format([-0.0]))", "0.000000×10⁰⁰", 1},
          {R"("%e".format([double("-Infinity")]))", "    -∞", 1},
          {R"("%e".format(dyn([1])))",
           "error: error during formatting: scientific clause can only be used on doubles, was given int", 1},
          {R"("%s".format(dyn([{1.5: 2}])))",
           "error: error during formatting: no formatting function for map key of type double", 1},
          {R"("%s".format(dyn([[optional.of(1)]])))",
           "error: error during formatting: no formatting function for optional_type", 23},
          {R"("%b".format(dyn(["a"])))",
           "error: error during formatting: only integers and bools can be formatted as binary, was given string", 1},
          {R"("%x".format(dyn([1.5])))",
           "error: error during formatting: only integers, byte buffers, and strings can be formatted as hex, was "
           "given double",
           1},
          {R"("%o".format(dyn([1.5])))",
           "error: error during formatting: octal clause can only be used on integers, was given double", 1},
      });
}

TEST(Libraries, Lists) {
  expect(Dialect::kStandard,
         {
             {"[1, 2, 3, 4].slice(1, 3)", "[2, 3]", 13},
             {"[1, 2, 3].slice(2, 1)", "error: cannot slice(2, 1), start index must be less than or equal to end index",
              12},
             {"[1, 2, 3].slice(-1, 1)", "error: cannot slice(-1, 1), negative indexes not supported", 12},
             {"[1, 2, 3].slice(1, 9)", "error: cannot slice(1, 9), list is length 3", 12},
             {"[[1], [2, 3]].flatten()", "[1, 2, 3]", 13},
             {"dyn([[[1]], [[2, [3]]]]).flatten(2)", "[1, 2, [3]]", 15},
             {"dyn([1, 2]).flatten(-1)", "error: level must be non-negative", 9},
             {"[3, 1, 2].sort()", "[1, 2, 3]", 29},
             {R"(["b", "a"].sort())", "[a, b]", 19},
             {R"([double("NaN"), 1.0, 0.0].sort())", "[nan, 0, 1]", 29},
             {R"(dyn([1, "a"]).sort())", "error: list elements must have the same type", 1},
             {"[3, 1, 2].sortBy(x, -x)", "[3, 2, 1]", 74},
             {R"(["aa", "b", "cc", "d"].sortBy(x, size(x)))", "[b, d, aa, cc]", 102},
             {"[1, 2, 1, 3, 2].distinct()", "[1, 2, 3]", 61},
             {"[1, dyn(1.0), dyn(1u)].distinct()", "[1]", 29},
             {"lists.range(4)", "[0, 1, 2, 3]", 15},
             {"lists.range(-1)", "[]", 11},
             {"[1, 2].reverse()", "[2, 1]", 13},
         });
}

TEST(Libraries, Sets) {
  expect(Dialect::kStandard, {
                                 {"sets.contains([1, 2], [2])", "true", 3},
                                 {"sets.contains([1], [1.0, dyn(1u)])", "true", 3},
                                 {"sets.contains([], [1])", "false", 1},
                                 {"sets.equivalent([1, 1], [1])", "true", 5},
                                 {"sets.equivalent([1, 2], [1])", "false", 5},
                                 {"sets.intersects([1, 2], [2, 3])", "true", 5},
                                 {"sets.intersects([], [])", "false", 1},
                             });
}

TEST(Libraries, Math) {
  expect(Dialect::kStandard,
         {
             {"math.greatest(1, 2.5, 3u)", "3u", 1},
             {"math.greatest(5)", "5", 1},
             {"math.least([3, 1, 2])", "1", 1},
             {"math.least(1, 1.0)", "1", 1},
             {R"(math.greatest(dyn([1, "a"])))", "error: no such overload: math.@max", 1},
             {"math.greatest(dyn([]))", "error: math.@max(list) argument must not be empty", 1},
             {R"(math.least(double("NaN"), 1.0))", "error: NaN values cannot be ordered: math.@min", 1},
             {"math.ceil(1.2)", "2", 1},
             {"math.floor(-1.2)", "-2", 1},
             {"math.round(-0.5)", "-1", 1},
             {"math.round(2.5)", "3", 1},
             {"math.trunc(-1.7)", "-1", 1},
             {"math.isInf(1.0 / 0.0)", "true", 2},
             {"math.isNaN(0.0 / 0.0)", "true", 2},
             {"math.isFinite(1.0)", "true", 1},
             {"math.abs(-5)", "5", 1},
             {"math.abs(-9223372036854775807 - 1)", "error: integer overflow", 2},
             {"math.abs(-0.5)", "0.5", 1},
             {"math.sign(-3)", "-1", 1},
             {"math.sign(0u)", "0u", 1},
             {"math.sign(-0.5)", "-1", 1},
             {"math.sqrt(81)", "9", 1},
             {"math.sqrt(-1.0)", "nan", 1},
             {"math.bitAnd(5, 3)", "1", 1},
             {"math.bitOr(5u, 2u)", "7u", 1},
             {"math.bitXor(5, -1)", "-6", 1},
             {"math.bitNot(0u)", "18446744073709551615u", 1},
             {"math.bitShiftLeft(1, 63)", "-9223372036854775808", 1},
             {"math.bitShiftLeft(1, 64)", "0", 1},
             {"math.bitShiftRight(-1, 60)", "15", 1},
             {"math.bitShiftRight(1u, -1)", "error: math.bitShiftRight() negative offset: -1", 1},
         });
}

TEST(Libraries, Encoders) {
  expect(Dialect::kStandard, {
                                 {R"(base64.encode(b"hello"))", "aGVsbG8=", 1},
                                 {R"(base64.encode(b""))", "", 1},
                                 {R"(base64.decode("aGVsbG8="))", "hello", 1},
                                 {R"(base64.decode("aGVsbG8"))", "hello", 1},
                                 {R"(base64.decode("aGVs\nbG8="))", "hello", 1},
                                 {R"(base64.decode("a!"))", "error: illegal base64 data at input byte 1", 1},
                                 {R"(base64.decode("a"))", "error: illegal base64 data at input byte 0", 1},
                                 {R"(base64.decode("aGVsbG8=="))", "error: illegal base64 data at input byte 7", 1},
                             });
}

TEST(Libraries, KubernetesLists) {
  expect(Dialect::kKubernetes, {
                                   {"[1, 2, 2].isSorted()", "true", 3},
                                   {R"(["b", "a"].isSorted())", "false", 0},
                                   {"[].isSorted()", "true", 0},
                                   {"[1, 3].sum()", "4", 2},
                                   {"[1.5, 2.0].sum()", "3.5", 2},
                                   {"[1u].sum()", "1u", 1},
                                   {"[].sum()", "0", 0},
                                   {R"([duration("1s"), duration("2s")].sum() == duration("3s"))", "true", 3},
                                   {"[9223372036854775807, 1].sum()", "error: integer overflow", 2},
                                   {"[18446744073709551615u, 1u].sum()", "error: unsigned integer overflow", 2},
                                   {"dyn([1.0]).sum()", "1", 1},
                                   {R"(["b", "a"].min())", "a", 0},
                                   {"[1, 3, 2].max()", "3", 3},
                                   {"[].min()", "error: min called on empty list", 0},
                                   {"[].max()", "error: max called on empty list", 0},
                                   {"[1, 2, 1].indexOf(1)", "0", 3},
                                   {"[1, 2, 1].lastIndexOf(1)", "2", 3},
                                   {"[1.0].indexOf(1.1)", "-1", 1},
                               });
}

TEST(Libraries, KubernetesRegex) {
  expect(Dialect::kKubernetes, {
                                   {R"("abc 123".find("[0-9]+"))", "123", 2},
                                   {R"("abc".find("x"))", "", 1},
                                   {R"("123 abc 456".findAll("[0-9]+"))", "[123, 456]", 4},
                                   {R"("123 abc 456".findAll("[0-9]+", 1))", "[123]", 4},
                                   {R"("123 abc 456".findAll("[0-9]+", 0))", "[]", 4},
                                   {R"("日本".findAll(""))", "[, , ]", 0},
                                   {R"("aab".findAll("a*"))", "[aa, ]", 1},
                               });
}

TEST(Libraries, Network) {
  expect(
      Dialect::kKubernetes,
      {
          {R"(string(ip("::0001")))", "::1", 2},
          {R"(ip("1.2.3.4").family())", "4", 2},
          {R"(ip("x"))",
           R"(error: IP Address "x" parse error during conversion from string: ParseAddr("x"): unable to parse IP)", 1},
          {R"(isIP("::1"))", "true", 1},
          {R"(isIP("::ffff:1.2.3.4"))", "false", 2},
          {R"(ip.isCanonical("FE80::"))", "false", 2},
          {R"(ip.isCanonical("fe80::1%eth0"))", R"(error: IP address "fe80::1%eth0" with zone value is not allowed)",
           3},
          {R"(ip("127.0.0.1").isLoopback() && ip("0.0.0.0").isUnspecified() && ip("224.0.0.1").isLinkLocalMulticast())",
           "true", 6},
          {R"(ip("169.254.0.1").isLinkLocalUnicast() && ip("8.8.8.8").isGlobalUnicast())", "true", 5},
          {R"(ip("::1") == ip("0::1"))", "true", 3},
          {R"(string(cidr("10.1.2.3/8").masked()))", "10.0.0.0/8", 3},
          {R"(string(cidr("10.1.2.3/8").ip()))", "10.1.2.3", 3},
          {R"(cidr("10.1.2.3/8").prefixLength())", "8", 2},
          {R"(cidr("10.0.0.0/8").containsIP("10.1.1.1"))", "true", 3},
          {R"(cidr("10.0.0.0/8").containsIP(ip("11.1.1.1")))", "false", 3},
          {R"(cidr("10.0.0.0/8").containsIP("x"))", "error: no such overload", 3},
          {R"(cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16"))", "true", 6},
          {R"(cidr("2001:db8::/32").containsCIDR(cidr("2001:db8::/31")))", "false", 7},
          {R"(cidr("10.0.0.0/8").containsCIDR("x"))",
           R"(error: network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix("x"): no '/')",
           5},
          {R"(isCIDR("10.0.0.0/33"))", "false", 2},
          {R"(cidr("10.0.0.0"))",
           R"(error: network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix("10.0.0.0"): no '/')",
           1},
          {R"(type(ip("::1")) == net.IP && type(cidr("::/0")) == net.CIDR)", "true", 6},
      });
}

TEST(Libraries, Quantities) {
  expect(Dialect::kKubernetes,
         {
             {R"(quantity("50k").add(quantity("20k")).sub(5).asInteger())", "69995", 5},
             {R"(quantity("1.5").asInteger())", "error: cannot convert value to integer", 2},
             {R"(quantity("1.5").isInteger())", "false", 2},
             {R"(quantity("1.5Gi").asApproximateFloat())", "1610612736", 2},
             {R"(quantity("x"))",
              "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", 1},
             {R"(isQuantity("1.3Gi") && !isQuantity("1.3Gib"))", "true", 3},
             {R"(sign(quantity("-100")))", "-1", 2},
             {R"(quantity("200M").compareTo(quantity("0.2G")))", "0", 3},
             {R"(quantity("50Mi").isGreaterThan(quantity("50M")) && quantity("50M").isLessThan(quantity("50Mi")))",
              "true", 6},
             {R"(quantity("100000000000000000000").sub(quantity("99999999999999999999")) == quantity("1"))", "true", 8},
         });
}

TEST(Libraries, Urls) {
  expect(Dialect::kKubernetes,
         {
             {R"(url("https://user@example.com:80/a b?x=1&y=2&x=3#f").getHost())", "example.com:80", 6},
             {R"(url("https://example.com:80/").getPort())", "80", 4},
             {R"(url("https://[::1]:80/").getHostname())", "::1", 3},
             {R"(url("https://example.com/a b").getEscapedPath())", "/a%20b", 4},
             {R"(url("https://example.com/?x=1&y=2&x=3").getQuery())", "{x: [1, 3], y: [2]}", 5},
             {R"(url("/path").getScheme())", "", 2},
             {R"(url("a"))",
              R"(error: URL parse error during conversion from string: parse "a": invalid URI for request)", 1},
             {R"(isURL("https://a") && !isURL("a b"))", "true", 3},
             {R"(url("HTTP://a/") == url("http://a/"))", "true", 3},
         });
}

TEST(Libraries, Semvers) {
  expect(Dialect::kKubernetes,
         {
             {R"(semver("1.2.3-rc.1").major() + semver("1.2.3").minor() + semver("1.2.3").patch())", "6", 8},
             {R"(semver("v01.2", true).compareTo(semver("1.2.0")))", "0", 3},
             {R"(semver("v1.2.3"))", R"(error: Invalid character(s) found in major number "v1")", 1},
             {R"(semver("1.2.3-rc.1").isLessThan(semver("1.2.3")) && semver("2.0.0").isGreaterThan(semver("1.9.9")))",
              "true", 6},
             {R"(isSemver("1.2") || isSemver("x", true))", "false", 2},
             {R"(semver("1.2.3+a") == semver("1.2.3+b"))", "true", 3},
         });
}

TEST(Libraries, Formats) {
  expect(Dialect::kKubernetes,
         {
             {R"(format.dns1123Label().validate("my-name"))", "none", 9},
             {R"(format.dns1123Label().validate("a.b"))", "some([must not contain dots])", 9},
             {R"(format.named("qualifiedName").value().validate("a/b/c").hasValue())", "true", 18},
             {R"(format.named("nope"))", "none", 1},
             {R"(format.uri().validate("x"))", R"(some([parse "x": invalid URI for request]))", 277},
             {"format.date() == format.date() && format.date() != format.uri()", "true", 6},
         });
}

TEST(Libraries, CompareNoMoreThanTheCostAllows) {
  for (const char* expression :
       {"lists.range(900000).distinct()", "sets.contains(lists.range(90000), lists.range(90000))",
        "sets.equivalent(lists.range(90000), lists.range(90000))",
        "sets.intersects(lists.range(90000), lists.range(90000).map(x, x - 90000))"}) {
    Environment environment(Dialect::kKubernetes);
    Arena arena;
    Evaluation evaluation = Program::compile(environment, expression)->evaluate(Activation(environment), arena);
    EXPECT_TRUE(evaluation.over_cost) << expression;
    EXPECT_EQ(shown(evaluation.value), "error: operation cancelled: actual cost limit exceeded") << expression;
  }
}

TEST(Libraries, SearchLongTextsInLinearTime) {
  Environment environment(Dialect::kKubernetes);
  environment.declare("text", Type::simple(Type::Kind::kString)).declare("part", Type::simple(Type::Kind::kString));
  Result<Program> program = Program::compile(
      environment,
      "[text.indexOf(part), text.lastIndexOf(part), size(text.split(part)), size(text.replace(part, ''))]");
  ASSERT_TRUE(program.ok()) << program.error().message;
  std::string text(2'000'000, 'a');
  std::string part = std::string(500'000, 'a') + "b" + std::string(500'000, 'a');
  Activation activation(environment);
  activation.bind("text", Value::string(text)).bind("part", Value::string(part));
  Arena arena;
  EXPECT_EQ(shown(program->evaluate(activation, arena, {.cost = 100'000'000}).value), "[-1, -1, 1, 2000000]");
}

// Long parts that nearly repeat themselves, against the plain search.
TEST(Libraries, SearchLongParts) {
  Environment environment(Dialect::kKubernetes);
  environment.declare("text", Type::simple(Type::Kind::kString)).declare("part", Type::simple(Type::Kind::kString));
  Result<Program> program = Program::compile(environment, "[text.indexOf(part), text.lastIndexOf(part)]");
  ASSERT_TRUE(program.ok()) << program.error().message;
  std::uint32_t seed = 7;
  auto random = [&](std::uint32_t below) { return (seed = seed * 1'664'525 + 1'013'904'223) / 65'536 % below; };
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    while (text.size() < 200) text.append(random(6), 'a').append(random(3) == 0 ? "b" : "");
    std::string part = text.substr(random(100), 33 + random(40));
    if (random(2) == 0) part[random(33)] = 'b';
    Activation activation(environment);
    activation.bind("text", Value::string(text)).bind("part", Value::string(part));
    Arena arena;
    Value found = program->evaluate(activation, arena).value;
    EXPECT_EQ(found.item(0).as_int(), static_cast<std::int64_t>(text.find(part))) << text << " " << part;
    EXPECT_EQ(found.item(1).as_int(), static_cast<std::int64_t>(text.rfind(part))) << text << " " << part;
  }
}

TEST(Libraries, SumsOfQuantitiesEqualNothingFromTheRight) {
  expect(Dialect::kKubernetes, {
                                   {R"(quantity("1").add(0) == quantity("1"))", "true", 4},
                                   {R"(quantity("1") != quantity("1").add(0))", "true", 4},
                                   {R"(quantity("1") in [quantity("1").add(0)])", "false", 14},
                               });
}

}  // namespace
}  // namespace pawl::cel::lib

#include "tests/cel/generator.h"

namespace pawl::cel_testing {

namespace {

// In a pattern: $B bool, $I int, $D double, $U uint, $S string, $Y bytes, $L list of ints, $T list of strings, $M map,
// $A anything, $O optional, $W timestamp or duration; $v a new variable and $x a use of the innermost one.
const std::vector<std::string_view> kBools = {
    "$B && $B",
    "$B || $B",
    "!$B",
    "$B ? $B : $B",
    "$I == $I",
    "$I != $I",
    "$I < $I",
    "$I <= $I",
    "$D > $D",
    "$D >= $I",
    "$U < $U",
    "$S == $S",
    "$S < $S",
    "$S >= $S",
    "$A == $A",
    "$A != $A",
    "$A < $A",
    "$I in $L",
    "$S in $T",
    "$S in $M",
    "$A in $A",
    "$S in ['a', 'b', 'web']",
    "$I in [1, 2, 3]",
    "$A in [1, 2.0, 'x']",
    "$S.startsWith($S)",
    "$S.endsWith($S)",
    "$S.contains($S)",
    "$S.matches('^[a-z]+$$')",
    "$S.matches($S)",
    "$A.startsWith($S)",
    "$L.all($v, $B)",
    "$L.exists($v, $x > $I)",
    "$L.exists_one($v, $x == $I)",
    "$T.all($v, $x.startsWith($S))",
    "$T.exists($v, $x == $S)",
    "dyn($L).all($v, $B)",
    "m.all($v, $B)",
    "m.exists($v, $x == $S)",
    "has(object.spec.replicas)",
    "has(object.spec.missing)",
    "has(object.metadata.labels.app)",
    "has(object.nothing.x)",
    "has($M.a)",
    "$O.hasValue()",
    "$B == $B",
    "bool($S)",
    "type($A) == type($A)",
    "type($I) == int",
    "$L.isSorted()",
    "$T.isSorted()",
    "isQuantity($S)",
    "isURL($S)",
    "isIP($S)",
    "isCIDR($S)",
    "isSemver($S)",
    "quantity('1Gi').isGreaterThan(quantity('500Mi'))",
    "quantity('100m').compareTo(quantity('0.1')) == $I",
    "sets.contains($L, $L)",
    "sets.intersects($T, $T)",
    "sets.equivalent($L, $L)",
    "ip('10.0.0.1').isLoopback()",
    "cidr('10.0.0.0/8').containsIP('10.1.2.3')",
    "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
    "$W < $W",
    "$W == $W",
    "math.isNaN($D)",
    "$L.all($v, $v, $B)",
    "$L.existsOne($v, $x > $I)",
    "$Y == $Y",
    "object.spec.containers.all($v, $x.image.startsWith('registry.example.com/') && !$x.image.endsWith(':latest'))",
    "object.spec.containers.exists($v, $x.name == $S)",
    "object.metadata.labels.app == $S",
    "object.spec.replicas > $I"};
const std::vector<std::string_view> kInts = {"$I + $I",
                                             "$I - $I",
                                             "$I * $I",
                                             "$I / $I",
                                             "$I % $I",
                                             "-$I",
                                             "$B ? $I : $I",
                                             "size($S)",
                                             "$S.size()",
                                             "size($L)",
                                             "$T.size()",
                                             "size($M)",
                                             "$L[$I]",
                                             "$L[0]",
                                             "$M['a']",
                                             "$M[$S]",
                                             "$M.a",
                                             "int($S)",
                                             "int($D)",
                                             "int($U)",
                                             "$A.size()",
                                             "$O.orValue($I)",
                                             "$S.indexOf($S)",
                                             "$S.lastIndexOf($S)",
                                             "$L.sum()",
                                             "$L.min()",
                                             "$L.max()",
                                             "$L.indexOf($I)",
                                             "$L.lastIndexOf($I)",
                                             "$T.indexOf($S)",
                                             "math.greatest($I, $I)",
                                             "math.least($I, $I, $I)",
                                             "math.abs($I)",
                                             "math.bitAnd($I, $I)",
                                             "math.sign($I)",
                                             "object.spec.replicas",
                                             "object.spec.containers[0].ports[0]",
                                             "object.spec.containers.size()",
                                             "timestamp('2024-02-29T12:30:45Z').getMonth()",
                                             "duration('90m').getMinutes()",
                                             "cel.bind($v, $I, $x + $x)",
                                             "int(timestamp($I))",
                                             "url('https://a.example:8080/p?q=1').getPort() == '8080' ? $I : $I",
                                             "semver('1.2.3').major()",
                                             "cidr('10.0.0.0/8').prefixLength()",
                                             "quantity('5').asInteger()",
                                             "math.bitShiftLeft($I, 2)",
                                             "$A + $I",
                                             "$I + $A",
                                             "$A * $A",
                                             "size($Y)"};
const std::vector<std::string_view> kDoubles = {"$D + $D",
                                                "$D * $D",
                                                "$D / $D",
                                                "$D - $D",
                                                "-$D",
                                                "double($I)",
                                                "double($S)",
                                                "$B ? $D : $D",
                                                "math.ceil($D)",
                                                "math.floor($D)",
                                                "math.round($D)",
                                                "math.trunc($D)",
                                                "math.greatest($D, $D)",
                                                "math.abs($D)"};
const std::vector<std::string_view> kUints = {"$U + $U",  "$U * $U",  "$U - $U", "$U / $U",
                                              "uint($I)", "uint($S)", "uint($D)"};
const std::vector<std::string_view> kStrings = {"$S + $S",
                                                "$B ? $S : $S",
                                                "string($I)",
                                                "string($D)",
                                                "string($B)",
                                                "string($U)",
                                                "$T[$I]",
                                                "$T[0]",
                                                "$S.lowerAscii()",
                                                "$S.upperAscii()",
                                                "$S.trim()",
                                                "$S.replace($S, $S)",
                                                "$S.replace('a', 'bb', 1)",
                                                "$S.substring($I)",
                                                "$S.substring(0, $I)",
                                                "$S.charAt($I)",
                                                "$T.join()",
                                                "$T.join(',')",
                                                "$S.find('[a-z]+')",
                                                "$S.find($S)",
                                                "object.metadata.name",
                                                "object.metadata.labels.app",
                                                "object.metadata.labels['app']",
                                                "object.metadata.missing",
                                                "object.spec.containers[0].image",
                                                "object.spec.containers[$I].name",
                                                "$O.orValue($S)",
                                                "string($W)",
                                                "'%s-%d'.format([$S, $I])",
                                                "'%.2f'.format([$D])",
                                                "cel.bind($v, $S, $x + $x)",
                                                "url('https://a.example:8080/p?q=1').getHost()",
                                                "string(ip('10.0.0.1'))",
                                                "base64.encode(b'abc')",
                                                "string($Y)",
                                                "strings.quote($S)",
                                                "$A + $S"};
const std::vector<std::string_view> kLists = {"[$I, $I]",
                                              "[$I]",
                                              "[]",
                                              "$L + $L",
                                              "$L.filter($v, $x > $I)",
                                              "$L.map($v, $x + $I)",
                                              "$L.map($v, $B, $x * 2)",
                                              "$T.map($v, size($x))",
                                              "$B ? $L : $L",
                                              "$L.transformList($v, $v, $x + 1)",
                                              "[?$O, $I]",
                                              "$L.distinct()",
                                              "$L.slice(0, 1)",
                                              "$L.sort()",
                                              "$L.reverse()",
                                              "lists.range(3)",
                                              "[$L, $L].flatten()",
                                              "$L.sortBy($v, -$x)",
                                              "$L.filter($v, $B)",
                                              "$L.map($v, 1)"};
const std::vector<std::string_view> kStringLists = {"[$S, $S]",
                                                    "[$S]",
                                                    "$T + $T",
                                                    "$S.split(',')",
                                                    "$S.split('')",
                                                    "$T.filter($v, $x != $S)",
                                                    "$T.map($v, $x + $S)",
                                                    "$L.map($v, string($x))",
                                                    "$S.findAll('[a-z]')",
                                                    "$T.sort()",
                                                    "object.spec.containers.map($v, $x.image)",
                                                    "object.metadata.finalizers",
                                                    "m.map($v, $x)"};
const std::vector<std::string_view> kMaps = {"{'a': $I}",
                                             "{$S: $I}",
                                             "{'a': $I, 'b': $I}",
                                             "$B ? $M : $M",
                                             "{?'a': $O}",
                                             "$L.transformMap($v, $v, $B, $x)",
                                             "$T.transformMapEntry($v, $v, {$x: $I})",
                                             "{'a': $I, 'a': $I}"};
const std::vector<std::string_view> kAnys = {"$I",
                                             "$S",
                                             "$B",
                                             "$D",
                                             "$L",
                                             "$M",
                                             "$T",
                                             "$U",
                                             "$O",
                                             "$W",
                                             "$Y",
                                             "dyn($I)",
                                             "dyn($S)",
                                             "dyn($L)",
                                             "object",
                                             "object.spec",
                                             "object.metadata.labels",
                                             "object.status.x",
                                             "any",
                                             "any.a",
                                             "any[$I]",
                                             "any[$S]",
                                             "any.a.b.c",
                                             "null",
                                             "[1, 'a', dyn(2.5)]",
                                             "dyn($A)",
                                             "type($A)",
                                             "$A[$A]",
                                             "$A.x",
                                             "$A.?x",
                                             "($B ? $A : $A).y",
                                             "quantity('1')",
                                             "ip('::1')",
                                             "[$A][0]",
                                             "{'k': $A}.k",
                                             "dyn($M).a",
                                             "-dyn($A)",
                                             "dyn($A) % dyn($A)"};
const std::vector<std::string_view> kOptionals = {"optional.of($I)",
                                                  "optional.none()",
                                                  "$M[?$S]",
                                                  "$L[?$I]",
                                                  "$M.?a",
                                                  "object.?spec.?replicas",
                                                  "object.?missing.x",
                                                  "object.spec[?'replicas']",
                                                  "$O.or($O)",
                                                  "$O.optMap($v, $x + $I)",
                                                  "$O.optFlatMap($v, optional.of($x))",
                                                  "optional.ofNonZeroValue($I)",
                                                  "$L.first()",
                                                  "$L.last()",
                                                  "[$I].first()"};
const std::vector<std::string_view> kTimes = {"timestamp('2024-02-29T12:30:45.5Z')",
                                              "duration('1h30m')",
                                              "timestamp('2024-02-29T12:30:45+02:00')",
                                              "timestamp($I)",
                                              "duration('-5s')",
                                              "timestamp('2024-01-01T00:00:00Z') + duration('36h')",
                                              "duration('1h') + duration('1m')",
                                              "timestamp('2024-01-01T00:00:00Z') - timestamp('2023-01-01T00:00:00Z')",
                                              "timestamp($S)",
                                              "duration($S)",
                                              "$W + $W",
                                              "$W - $W"};
const std::vector<std::string_view> kBytes = {"b'abc'", "bytes($S)", "$Y + $Y", "base64.decode('YWJj')", "b'\\xff'"};

}  // namespace

std::string Generator::expression() {
  locals_.clear();
  names_ = 0;
  static constexpr Kind kKinds[] = {Kind::kBool,   Kind::kBool,    Kind::kBool, Kind::kInt,  Kind::kString,
                                    Kind::kInts,   Kind::kStrings, Kind::kMap,  Kind::kDyn,  Kind::kOptional,
                                    Kind::kDouble, Kind::kTime,    Kind::kUint, Kind::kBytes};
  return make(kKinds[below(std::size(kKinds))], 1 + static_cast<int>(below(4)));
}

std::string Generator::leaf(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return std::string(one_of({"true", "false", "b", "b"}));
    case Kind::kInt:
      return std::string(one_of({"0", "1", "2", "-1", "5", "i", "i", "9223372036854775807", "42", "n"}));
    case Kind::kUint:
      return std::string(one_of({"0u", "1u", "7u", "18446744073709551615u"}));
    case Kind::kDouble:
      return std::string(one_of({"0.0", "1.5", "-2.25", "d", "d", "1e100", "3.0"}));
    case Kind::kString:
      return std::string(
          one_of({"''", "'a'", "'abc'", "s", "s", "'web'", "'h\\u00e9llo'", "'1.5'", "'42'", "'10.0.0.1'", "long"}));
    case Kind::kInts:
      return std::string(one_of({"l", "l", "[1, 2, 3]", "[]", "[3, 1, 2]"}));
    case Kind::kStrings:
      return std::string(one_of({"t", "t", "['a', 'b']", "['web']"}));
    case Kind::kMap:
      return std::string(one_of({"m", "m", "{'a': 1}"}));
    case Kind::kDyn:
      return std::string(one_of({"object", "any", "null", "1", "'x'", "2.0", "dyn(1u)"}));
    case Kind::kOptional:
      return std::string(one_of({"optional.of(1)", "optional.none()", "m.?a", "m.?zzz"}));
    case Kind::kTime:
      return std::string(one_of({"timestamp('2024-02-29T12:30:45Z')", "duration('90s')"}));
    case Kind::kBytes:
      return std::string(one_of({"b'abc'", "b''"}));
  }
  return "true";
}

std::string Generator::local() {
  if (locals_.empty()) return "i";
  return chance(80) ? locals_.back() : locals_[below(locals_.size())];
}

std::string Generator::make(Kind kind, int depth) {
  if (chance(4)) kind = static_cast<Kind>(below(12));  // of another type than what is asked for
  if (!locals_.empty() && chance(12)) return local();
  if (depth <= 0 || chance(10)) return leaf(kind);
  const std::vector<std::string_view>* patterns = nullptr;
  switch (kind) {
    case Kind::kBool:
      patterns = &kBools;
      break;
    case Kind::kInt:
      patterns = &kInts;
      break;
    case Kind::kDouble:
      patterns = &kDoubles;
      break;
    case Kind::kUint:
      patterns = &kUints;
      break;
    case Kind::kString:
      patterns = &kStrings;
      break;
    case Kind::kInts:
      patterns = &kLists;
      break;
    case Kind::kStrings:
      patterns = &kStringLists;
      break;
    case Kind::kMap:
      patterns = &kMaps;
      break;
    case Kind::kDyn:
      patterns = &kAnys;
      break;
    case Kind::kOptional:
      patterns = &kOptionals;
      break;
    case Kind::kTime:
      patterns = &kTimes;
      break;
    case Kind::kBytes:
      patterns = &kBytes;
      break;
  }
  return fill((*patterns)[below(patterns->size())], depth - 1);
}

std::string Generator::fill(std::string_view pattern, int depth) {
  std::string out;
  std::size_t outer = locals_.size();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '$') {
      out += pattern[i];
      continue;
    }
    char what = pattern[++i];
    if (what == '$') {
      out += '$';
    } else if (what == 'v') {
      locals_.push_back("v" + std::to_string(names_++));
      out += locals_.back();
    } else if (what == 'x') {
      out += local();
    } else {
      static constexpr std::string_view kLetters = "BIDSLTMAOWUY";
      auto kind = static_cast<Kind>(kLetters.find(what));
      std::string part = make(kind, depth);
      bool simple = part.find_first_of(" ?-") == std::string::npos;
      out += simple ? part : "(" + part + ")";
    }
  }
  locals_.resize(outer);
  return out;
}

}  // namespace pawl::cel_testing

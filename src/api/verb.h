#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pawl::api {

// What a verb is for; the front page lists verbs by it.
enum class Group : std::uint8_t { kStart, kBuild, kUnderstand, kChange, kOperate, kConfigure };

enum class Effect : std::uint8_t {
  kLooks,    // changes nothing that is kept
  kChanges,  // changes the store, the target or the user's files
};

// One verb as every face shows it. Views point into static storage.
struct Verb {
  std::string_view name;  // "promote", "audit log"
  Group group = Group::kUnderstand;
  Effect effect = Effect::kLooks;
  std::string_view summary;   // one line, lower case, no full stop
  std::string_view examples;  // command lines that work, one a line, the usual one first
};

// What the value of an argument names.
enum class Names : std::uint8_t {
  kText,
  kEnvironment,
  kRelease,
  kLayer,
  kComparable,  // what `diff` and `describe` take
  kPath,        // a file's name
  kBytes,       // a file whose bytes are the value
};

// One argument of a verb. Words limit what it may be; empty: anything.
struct Argument {
  std::string_view name;  // "to": --to VALUE, or TO where it is positional
  std::string_view summary;
  Names names = Names::kText;
  bool positional = false;
  bool required = false;
  bool negates = false;  // a flag that makes its field false
  char letter = '\0';    // -m
  std::span<const std::string_view> words = {};
};

}  // namespace pawl::api

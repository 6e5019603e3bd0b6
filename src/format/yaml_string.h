#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pawl::format {

// How far what belongs to something is indented under it.
inline constexpr std::size_t kYamlIndent = 2;

// Appends a string as a YAML scalar, as go-yaml v2 prints it: plain where a YAML 1.1 reader takes that for this string,
// else quoted, else as a literal block. Its rules are libyaml's: quoted and plain text is folded at the first single
// space beyond column 80. `indent` is that of further lines; a `key` is one line.
void append_yaml_string(std::string& out, std::string_view text, std::size_t indent, bool key);

enum class YamlStyle : std::uint8_t { kPlain, kSingle, kDouble, kLiteral, kFolded };

// As above in the style that is wanted, or the nearest that the text can have; nothing is folded that is not wanted so.
// `flow`: it stands in brackets.
void append_yaml_string(std::string& out, std::string_view text, YamlStyle wanted, std::size_t indent, bool flow);

// Whether that is surely the text itself, on whatever line it stands: false says nothing.
bool stands_plain(std::string_view text);

}  // namespace pawl::format

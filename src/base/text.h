#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pawl {

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string counted(std::uint64_t count, std::string_view thing);  // "1 object", "3 objects"
std::string to_lower(std::string_view text);
bool is_valid_utf8(std::string_view text);

// Escapes what would let foreign text steer a terminal or forge a log line: control characters (C0, C1, DEL, line
// breaks; tab stays), bidirectional overrides, invalid UTF-8. Each becomes \xNN or \u{NNNN}.
std::string escape_terminal(std::string_view text);

// Returns the candidate nearest to `word` (Damerau-Levenshtein, at most a third of its length away), or "".
std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace pawl

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/value.h"

namespace pawl::render {

// While a build is under way an object is a tree of text: each scalar is a string, and an unquoted one is read (as a
// number, true, null) only where it is used or printed. kustomize works on such trees, and what it prints depends on
// it: "0x10" copied into a string stays "0x10", and a name put together from "12" and "3" becomes a number.

enum class Tag : std::uint8_t { kNull, kBool, kInt, kFloat, kString };
// What a scalar is read as. Lists and maps are none: kString.
Tag tag_of(const format::Value& scalar);

// Whether there is nothing: no value, or an unquoted null.
bool is_null(const format::Value* value);
bool is_null(const format::Value& value);
bool is_string(const format::Value& value);  // a scalar that is read as a string
// Nothing, {} or [].
bool is_blank(const format::Value* value);

// The text of a scalar; "" for null, lists and maps.
std::string_view text_of(const format::Value* value);
// As above, of the member `key` of a map.
std::string_view text_at(const format::Value& map, std::string_view key);

// A scalar of this text that is read as a string, whatever it says.
format::Value string_value(format::Arena& arena, std::string_view text);
// A scalar of this text that is read as what it says.
format::Value plain_value(format::Arena& arena, std::string_view text);
// Gives `at` another text, and leaves its quoting.
void set_text(format::Arena& arena, format::Value& at, std::string_view text);

// Text to data, in place: what is read of every scalar. Errors: kInvalid for an infinity or NaN, which JSON lacks.
Status read_scalars(format::Arena& arena, format::Value& tree);
// As above for kustomize's own files and the operations of JSON patches, which are read as YAML 1.1: yes and on are
// true, and a date stays text.
Status read_old_scalars(format::Arena& arena, format::Value& tree);
// What such a file reads as true or false.
std::optional<bool> old_bool_of(const format::Value& scalar);
// Data to text, in place. A whole number beyond 2^53 is rounded as kustomize rounds it on the way through JSON.
void write_scalars(format::Arena& arena, format::Value& tree);

// Every document of a stream as a tree of text; empty ones are left out. `last_wins`: see format::YamlOptions.
Result<std::vector<format::Value>> parse_text(format::Arena& arena, std::string_view bytes, const std::string& file,
                                              bool last_wins = false);

}  // namespace pawl::render

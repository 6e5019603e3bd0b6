#pragma once

#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "format/value.h"

namespace pawl::format {

struct JsonOptions {
  std::string file;  // named in diagnostics
  std::size_t max_bytes = limits::kDocumentBytes;
  std::size_t max_depth = limits::kDepth;
};

// Reads RFC 8259 JSON into `arena`, strictly: one value, no duplicate keys, valid UTF-8, no lone surrogates.
// Errors: kInvalid with file, line and column.
Result<Value> parse_json(Arena& arena, std::string text, const JsonOptions& options = {});
Result<Document> parse_json_document(std::string text, const JsonOptions& options = {});

// One line, keys as written. NaN and infinity, which JSON cannot say, abort: check before.
std::string render_json(const Value& value);
// Two spaces a level, a newline at the end.
std::string render_json_pretty(const Value& value);
// RFC 8785 (JCS). Errors: kInvalid for NaN, infinity, and integers beyond 2^53 that a double cannot hold.
Result<std::string> canonical_json(const Value& value);

}  // namespace pawl::format

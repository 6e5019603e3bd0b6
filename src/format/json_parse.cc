#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "base/text.h"
#include "format/json.h"

namespace pawl::format {

namespace {

Position position_of(std::string_view text, std::size_t offset) {
  std::string_view before = text.substr(0, offset);
  auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  std::size_t start = before.rfind('\n');
  return {lines + 1, static_cast<std::uint32_t>(start == std::string_view::npos ? offset + 1 : offset - start)};
}

using ParseError = boost::json::error_code;
using Text = boost::json::string_view;

std::string_view view(Text text) { return {text.data(), text.size()}; }

// Puts values together from what the parser finds. The parser knows no value but scalars: those of lists and maps that
// are open wait in `items_` and `members_`, the innermost last.
class JsonBuilder {
 public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  explicit JsonBuilder(Arena& arena) : arena_(arena) {}

  const Value& root() const { return root_; }
  // What is wrong that the parser does not see.
  const std::string& wrong() const { return wrong_; }

  bool on_document_begin(ParseError&) { return true; }
  bool on_document_end(ParseError&) { return true; }
  bool on_array_begin(ParseError&) { return open(false); }
  bool on_object_begin(ParseError&) { return open(true); }

  bool on_array_end(std::size_t size, ParseError&) {
    std::size_t base = items_.size() - size;
    Value list = Value::list(arena_, std::span<const Value>(items_).subspan(base));
    items_.resize(base);
    return close(list);
  }

  bool on_object_end(std::size_t size, ParseError& error) {
    std::size_t base = members_.size() - size;
    std::span<const Member> members = std::span<const Member>(members_).subspan(base);
    std::string_view twice = duplicate_key(members);
    if (twice.data() != nullptr)
      return refuse(fmt::format("key \"{}\" stands twice in one object", twice.substr(0, 64)), error);
    Value map = Value::map(arena_, members);
    members_.resize(base);
    return close(map);
  }

  bool on_key_part(Text text, std::size_t, ParseError&) { return gather(text); }
  bool on_key(Text text, std::size_t, ParseError&) {
    members_.push_back({whole(text), {}, {}});
    return true;
  }
  bool on_string_part(Text text, std::size_t, ParseError&) { return gather(text); }
  bool on_string(Text text, std::size_t, ParseError&) {
    Value out = Value::string_ref(whole(text));
    out.set_quoted(true);
    return put(out);
  }

  bool on_number_part(Text text, ParseError&) { return gather(text); }
  bool on_int64(std::int64_t value, Text, ParseError&) {
    parts_.clear();
    return put(Value::integer(value));
  }
  bool on_uint64(std::uint64_t value, Text, ParseError&) {
    parts_.clear();
    return put(Value::integer(value));
  }
  // The parser's own value may be off by one unit in the last place; it knows what is as good as 0.
  bool on_double(double about, Text text, ParseError& error) {
    std::string token = parts_ + std::string(view(text));
    parts_.clear();
    double value = 0;
    auto [end, ec] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (ec == std::errc::result_out_of_range && std::abs(about) < 1) return put(Value::number(0));
    if (ec != std::errc() || end != token.data() + token.size())
      return refuse("the number " + token.substr(0, 64) + " is beyond every double", error);
    Value out = Value::number(value);
    // A whole number of more than 64 bits must be one that a double writes.
    bool whole = token.find_first_of(".eE") == std::string::npos;
    if (whole && render_json(out) != token)
      return refuse("the whole number " + token.substr(0, 64) + " has more than 64 bits", error);
    return put(out);
  }
  bool on_bool(bool value, ParseError&) { return put(Value::boolean(value)); }
  bool on_null(ParseError&) { return put(Value::null()); }
  bool on_comment_part(Text, ParseError&) { return true; }
  bool on_comment(Text, ParseError&) { return true; }

 private:
  bool refuse(std::string what, ParseError& error) {
    wrong_ = std::move(what);
    error = boost::json::error::syntax;
    return false;
  }

  bool gather(Text text) {
    parts_ += view(text);
    return true;
  }
  std::string_view whole(Text last) {
    if (parts_.empty()) return arena_.copy(view(last));
    parts_ += view(last);
    std::string_view out = arena_.copy(parts_);
    parts_.clear();
    return out;
  }

  bool open(bool map) {
    open_.push_back(map);
    return true;
  }
  bool close(const Value& value) {
    open_.pop_back();
    return put(value);
  }
  bool put(const Value& value) {
    if (open_.empty())
      root_ = value;
    else if (open_.back())
      members_.back().value = value;
    else
      items_.push_back(value);
    return true;
  }

  static std::string_view duplicate_key(std::span<const Member> members) {
    std::vector<std::string_view> keys;
    keys.reserve(members.size());
    for (const Member& member : members) keys.push_back(member.key);
    std::sort(keys.begin(), keys.end());
    auto twice = std::adjacent_find(keys.begin(), keys.end());
    return twice == keys.end() ? std::string_view() : *twice;
  }

  Arena& arena_;
  Value root_;
  std::vector<bool> open_;  // whether it is a map
  std::vector<Value> items_;
  std::vector<Member> members_;
  std::string parts_;  // of the scalar that is being read
  std::string wrong_;
};

std::string describe(const ParseError& error, const JsonBuilder& builder, const JsonOptions& options) {
  if (!builder.wrong().empty()) return builder.wrong();
  if (error == boost::json::error::too_deep) return fmt::format("nested deeper than {}", options.max_depth);
  if (error == boost::json::error::extra_data) return "something follows the value";
  if (error == boost::json::error::incomplete) return "it ends in the middle";
  return error.message();
}

Error fail_at(std::string_view what, std::string_view text, std::size_t offset, const JsonOptions& options) {
  Diagnostic diagnostic{.file = options.file, .at = position_of(text, offset), .code = "json"};
  diagnostic.summary = fmt::format("not JSON: {}", what);
  diagnostic.snippet = line_of(text, diagnostic.at.line);
  if (!is_valid_utf8(diagnostic.snippet)) diagnostic.snippet.clear();
  Error error = invalid_files({diagnostic});
  error.message = fmt::format("{}:{}:{}: {}", options.file.empty() ? "JSON" : options.file, diagnostic.at.line,
                              diagnostic.at.column, diagnostic.summary);
  return error;
}

}  // namespace

Result<Value> parse_json(Arena& arena, std::string text, const JsonOptions& options) {
  std::string name = options.file.empty() ? "JSON" : options.file;
  if (text.size() > options.max_bytes) {
    return Error(ErrorCode::kInvalid,
                 fmt::format("{} has {} bytes, more than {}", name, text.size(), options.max_bytes));
  }
  boost::json::parse_options rules;
  rules.max_depth = options.max_depth;
  boost::json::basic_parser<JsonBuilder> parser(rules, arena);
  ParseError error;
  std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  // The parser stops behind the value and the blanks that follow it.
  if (!error && read != text.size()) error = boost::json::error::extra_data;
  if (error) return fail_at(describe(error, parser.handler(), options), text, std::min(read, text.size()), options);
  return parser.handler().root();
}

Result<Document> parse_json_document(std::string text, const JsonOptions& options) {
  Document document;
  PAWL_ASSIGN(document.root, parse_json(*document.arena, std::move(text), options));
  return document;
}

}  // namespace pawl::format

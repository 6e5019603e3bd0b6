#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "format/json.h"

namespace pawl::format {

namespace {

namespace od = simdjson::ondemand;

Position position_of(std::string_view text, std::size_t offset) {
  std::string_view before = text.substr(0, offset);
  auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  std::size_t start = before.rfind('\n');
  return {lines + 1, static_cast<std::uint32_t>(start == std::string_view::npos ? offset + 1 : offset - start)};
}

// Reads a document once, front to back. The first error ends it.
class JsonReader {
 public:
  JsonReader(Arena& arena, const simdjson::padded_string& text, const JsonOptions& options)
      : arena_(arena), text_(text), options_(options) {}

  Result<Value> read() {
    simdjson::error_code error = parser_.iterate(text_).get(document_);
    if (error != simdjson::SUCCESS)
      return fail_at(simdjson::error_message(error), 0);  // there is no document to ask yet
    // A scalar at the top has an interface of its own in simdjson; a value wraps neither.
    Result<Value> root = read_root();
    const char* rest = nullptr;
    if (root && document_.current_location().get(rest) == simdjson::SUCCESS) return fail("something follows the value");
    return root;
  }

 private:
  Error fail(std::string_view what) {
    const char* at = nullptr;
    std::size_t offset = 0;
    if (document_.current_location().get(at) == simdjson::SUCCESS && at != nullptr) {
      offset = std::min(static_cast<std::size_t>(at - text_.data()), text_.size());
    }
    return fail_at(what, offset);
  }
  Error fail_at(std::string_view what, std::size_t offset) {
    std::string_view text(text_.data(), text_.size());
    Diagnostic diagnostic{.file = options_.file, .at = position_of(text, offset), .code = "json"};
    diagnostic.summary = fmt::format("not JSON: {}", what);
    diagnostic.snippet = line_of(text, diagnostic.at.line);
    if (!is_valid_utf8(diagnostic.snippet)) diagnostic.snippet.clear();
    Error error = invalid_files({diagnostic});
    error.message = fmt::format("{}:{}:{}: {}", options_.file.empty() ? "JSON" : options_.file, diagnostic.at.line,
                                diagnostic.at.column, diagnostic.summary);
    return error;
  }

  Result<Value> read_root() {
    od::json_type type{};
    if (auto error = document_.type().get(type)) return fail(simdjson::error_message(error));
    if (type == od::json_type::array || type == od::json_type::object) {
      od::value value;
      if (auto error = document_.get_value().get(value)) return fail(simdjson::error_message(error));
      return read_value(value, 1);
    }
    return read_scalar(document_, type);
  }

  Result<Value> read_value(od::value value, std::size_t depth) {
    if (depth > options_.max_depth) return fail(fmt::format("nested deeper than {}", options_.max_depth));
    od::json_type type{};
    if (auto error = value.type().get(type)) return fail(simdjson::error_message(error));
    if (type == od::json_type::array) return read_array(value, depth);
    if (type == od::json_type::object) return read_object(value, depth);
    return read_scalar(value, type);
  }

  Result<Value> read_array(od::value value, std::size_t depth) {
    od::array array;
    if (auto error = value.get_array().get(array)) return fail(simdjson::error_message(error));
    Value out = Value::list();
    for (auto item : array) {
      od::value element;
      if (auto error = item.get(element)) return fail(simdjson::error_message(error));
      PAWL_ASSIGN(Value read, read_value(element, depth + 1));
      out.push_back(arena_, read);
    }
    return out;
  }

  Result<Value> read_object(od::value value, std::size_t depth) {
    od::object object;
    if (auto error = value.get_object().get(object)) return fail(simdjson::error_message(error));
    Value out = Value::map();
    for (auto item : object) {
      od::field field;
      if (auto error = std::move(item).get(field)) return fail(simdjson::error_message(error));
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return fail(simdjson::error_message(error));
      std::string_view kept = arena_.copy(key);
      PAWL_ASSIGN(Value read, read_value(field.value(), depth + 1));
      out.append_member(arena_, kept, read);
    }
    if (std::string_view twice = duplicate_key(out); twice.data() != nullptr) {
      return fail(fmt::format("key \"{}\" stands twice in one object", twice.substr(0, 64)));
    }
    return out;
  }

  static std::string_view duplicate_key(const Value& map) {
    std::vector<std::string_view> keys;
    for (const Member& member : map.members()) keys.push_back(member.key);
    std::sort(keys.begin(), keys.end());
    auto twice = std::adjacent_find(keys.begin(), keys.end());
    return twice == keys.end() ? std::string_view() : *twice;
  }

  template <class Source>
  Result<Value> read_scalar(Source& source, od::json_type type) {
    if (type == od::json_type::string) {
      std::string_view text;
      if (auto error = source.get_string().get(text)) return fail(simdjson::error_message(error));
      Value out = Value::string(arena_, text);
      out.set_quoted(true);
      return out;
    }
    if (type == od::json_type::boolean) {
      bool value = false;
      if (auto error = source.get_bool().get(value)) return fail(simdjson::error_message(error));
      return Value::boolean(value);
    }
    if (type == od::json_type::number) return read_number(source);
    bool is_null = false;
    if (auto error = source.is_null().get(is_null); error || !is_null) return fail("null is expected");
    return Value::null();
  }

  // Whether a token is a whole number as JSON writes it (-12, no 012) of more digits than 64 bits surely hold.
  static bool is_large_integer(std::string_view token) {
    constexpr std::size_t kDigits = 19;
    if (token.starts_with('-')) token.remove_prefix(1);
    bool digits = token.find_first_not_of("0123456789") == std::string_view::npos;
    return digits && token.size() >= kDigits && token[0] != '0';
  }

  // get_number() reads decimals of more than 19 digits as 0 (simdjson 3.0).
  template <class Source>
  Result<Value> read_decimal(Source& source) {
    double value = 0;
    if (auto error = source.get_double().get(value)) return fail(simdjson::error_message(error));
    return Value::number(value);
  }

  template <class Source>
  Result<Value> read_number(Source& source) {
    std::string token;
    if constexpr (std::is_same_v<Source, od::document>) {
      std::string_view raw;
      if (auto error = source.raw_json_token().get(raw)) return fail(simdjson::error_message(error));
      token = trim(raw);
    } else {
      token = trim(source.raw_json_token());
    }
    if (token.find_first_of(".eE") != std::string::npos) return read_decimal(source);
    od::number number;
    auto error = source.get_number().get(number);
    if (error == simdjson::SUCCESS) {
      if (number.is_int64()) return Value::integer(number.get_int64());
      if (number.is_uint64()) return Value::integer(number.get_uint64());
    }
    // An integer beyond 64 bits: the nearest double, if it has one.
    double value = 0;
    auto [end, ec] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (!is_large_integer(token) || ec != std::errc() || end != token.data() + token.size())
      return fail(simdjson::error_message(error));
    return Value::number(value);
  }

  Arena& arena_;
  const simdjson::padded_string& text_;
  const JsonOptions& options_;
  od::parser parser_;
  od::document document_;
};

}  // namespace

Result<Value> parse_json(Arena& arena, std::string text, const JsonOptions& options) {
  std::string name = options.file.empty() ? "JSON" : options.file;
  if (text.size() > options.max_bytes) {
    return Error(ErrorCode::kInvalid,
                 fmt::format("{} has {} bytes, more than {}", name, text.size(), options.max_bytes));
  }
  simdjson::padded_string padded(text);
  return JsonReader(arena, padded, options).read();
}

Result<Document> parse_json_document(std::string text, const JsonOptions& options) {
  Document document;
  PAWL_ASSIGN(document.root, parse_json(*document.arena, std::move(text), options));
  return document;
}

}  // namespace pawl::format

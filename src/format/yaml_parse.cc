#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "format/yaml_readers.h"
#include "format/yaml_scalar.h"

namespace pawl::format {

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

Position position(const yaml_mark_t& mark) {
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

std::string_view text_of(const yaml_char_t* text, std::size_t size) {
  return {reinterpret_cast<const char*>(text), size};
}

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

// An event of libyaml's, freed with its holder.
struct Event {
  yaml_event_t raw{};
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&raw); }
};

// Builds trees out of libyaml's events. Duplicate keys are collected; any other error ends the reading.
class YamlReader {
 public:
  YamlReader(Arena& arena, std::string_view text, const YamlOptions& options)
      : arena_(arena), text_(text), options_(options) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;
  ~YamlReader() { yaml_parser_delete(&parser_); }

  Result<std::vector<Value>> read() {
    std::vector<Value> documents;
    Status status = read_stream(documents);
    if (!status && status.error().diagnostics.empty()) return std::move(status).error();
    if (!diagnostics_.empty()) return invalid_files(std::move(diagnostics_));
    return documents;
  }

 private:
  // Notes a diagnostic; returns an error that stops the reading.
  Error fail(Position at, std::string_view code, std::string summary, std::string help = {}) {
    Diagnostic diagnostic{.file = options_.file, .at = at, .code = std::string(code), .summary = std::move(summary)};
    diagnostic.snippet = line_of(text_, at.line);
    diagnostic.help = std::move(help);
    diagnostics_.push_back(diagnostic);
    return invalid_files({std::move(diagnostic)});
  }

  Error syntax_error() {
    yaml_mark_t mark = parser_.problem_mark;
    Position at = position(mark);
    if (parser_.error == YAML_READER_ERROR) {
      std::string_view before = text_.substr(0, std::min(parser_.problem_offset, text_.size()));
      at.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
      at.column = 1;
    }
    std::string summary = parser_.problem == nullptr ? "not YAML" : parser_.problem;
    if (parser_.context != nullptr) summary += fmt::format(" {}", parser_.context);
    return fail(at, "yaml", std::move(summary));
  }

  Status next(Event& event) {
    if (yaml_parser_parse(&parser_, &event.raw) == 0) return syntax_error();
    return {};
  }

  Status read_stream(std::vector<Value>& documents) {
    for (;;) {
      Event event;
      PAWL_TRY(next(event));
      if (event.raw.type == YAML_STREAM_END_EVENT) return {};
      if (event.raw.type != YAML_DOCUMENT_START_EVENT) continue;
      anchors_.clear();
      Event root;
      PAWL_TRY(next(root));
      PAWL_ASSIGN(Value value, read_node(root.raw, 1));
      if (!value.is_null()) documents.push_back(value);
    }
  }

  Result<Value> read_node(const yaml_event_t& event, std::size_t depth) {
    Position at = position(event.start_mark);
    if (depth > options_.max_depth) return fail(at, "depth", fmt::format("nested deeper than {}", options_.max_depth));
    if (++nodes_ > limits::kNodes) return fail(at, "size", "more values than one file may have");
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        return read_scalar(event, at);
      case YAML_SEQUENCE_START_EVENT:
        return read_list(event, at, depth);
      case YAML_MAPPING_START_EVENT:
        return read_map(event, at, depth);
      case YAML_ALIAS_EVENT:
        return read_alias(event, at);
      case YAML_NO_EVENT:
      case YAML_STREAM_START_EVENT:
      case YAML_STREAM_END_EVENT:
      case YAML_DOCUMENT_START_EVENT:
      case YAML_DOCUMENT_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        break;
    }
    return fail(at, "yaml", "a value is expected");
  }

  Result<Value> read_alias(const yaml_event_t& event, Position at) {
    std::string name(text_of(event.data.alias.anchor));
    if (open_anchors_.contains(name)) return fail(at, "alias", "\"*" + name + "\" stands inside what it names");
    auto found = anchors_.find(name);
    if (found == anchors_.end()) return fail(at, "alias", "there is no anchor \"&" + name + "\" before this");
    alias_nodes_ += found->second.nodes;
    nodes_ += found->second.nodes;
    if (alias_nodes_ > limits::kAliasNodes || nodes_ > limits::kNodes) {
      return fail(at, "alias", "aliases make this file too large");
    }
    // A copy: what later changes one use of it must not change the others.
    return found->second.value.clone(arena_);
  }

  struct Anchored {
    Value value;
    std::size_t nodes = 1;
  };

  void remember(const yaml_char_t* anchor, const Value& value, std::size_t nodes_before) {
    if (anchor == nullptr) return;
    std::string name(text_of(anchor));
    open_anchors_.erase(name);
    anchors_[name] = {value, nodes_ - nodes_before + 1};
  }

  Result<Value> read_scalar(const yaml_event_t& event, Position at) {
    const auto& scalar = event.data.scalar;
    if (scalar.length > limits::kScalarBytes) return fail(at, "size", "a scalar of more than 16 MiB");
    std::string_view text = arena_.copy(text_of(scalar.value, scalar.length));
    bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    std::string_view tag = text_of(scalar.tag);
    Value value = plain && tag.empty() ? resolve_plain(arena_, text, options_.schema) : Value::string_ref(text);
    bool quoted = !plain;
    if (!tag.empty() && tag != "!") {
      PAWL_ASSIGN(value, read_tagged(tag, text, at));
      // As text, a tag is kept as the quoting that means the same.
      if (options_.schema == YamlSchema::kText) quoted = tag == std::string(kTagPrefix) + "str";
    }
    value.set_quoted(quoted);
    value.set_at(at);
    remember(scalar.anchor, value, nodes_);
    return value;
  }

  Result<Value> read_tagged(std::string_view tag, std::string_view text, Position at) {
    if (!tag.starts_with(kTagPrefix)) return bad_tag(tag, at);
    std::string_view name = tag.substr(kTagPrefix.size());
    if (name == "str") return Value::string_ref(text);
    bool as_text = options_.schema == YamlSchema::kText;
    Value value = resolve_plain(arena_, text, as_text ? YamlSchema::kKubernetes : options_.schema);
    bool agrees = (name == "int" && value.is_int()) || (name == "bool" && value.is_bool()) ||
                  (name == "null" && value.is_null()) || (name == "float" && value.is_number());
    if (!agrees) return bad_tag(tag, at);
    return as_text ? Value::string_ref(text) : value;
  }

  Error bad_tag(std::string_view tag, Position at) {
    return fail(at, "tag", fmt::format("tag \"{}\" does not belong in plain data", tag.substr(0, 64)));
  }

  // A key is its text, whatever plain type its tag names.
  Status check_key_tag(std::string_view tag, Position at) {
    constexpr std::array<std::string_view, 6> kPlain = {"str", "merge", "int", "bool", "float", "null"};
    if (tag.empty() || tag == "!") return {};
    bool fine = tag.starts_with(kTagPrefix) &&
                std::find(kPlain.begin(), kPlain.end(), tag.substr(kTagPrefix.size())) != kPlain.end();
    return fine ? Status() : Status(bad_tag(tag, at));
  }

  Status check_collection_tag(const yaml_char_t* raw, std::string_view expected, Position at) {
    std::string_view tag = text_of(raw);
    bool fine = tag.empty() || tag == "!" || tag == std::string(kTagPrefix) + std::string(expected);
    if (!fine) return bad_tag(tag, at);
    return {};
  }

  void open(const yaml_char_t* anchor) {
    if (anchor != nullptr) open_anchors_.insert(std::string(text_of(anchor)));
  }

  Result<Value> read_list(const yaml_event_t& start, Position at, std::size_t depth) {
    std::size_t nodes_before = nodes_;
    PAWL_TRY(check_collection_tag(start.data.sequence_start.tag, "seq", at));
    open(start.data.sequence_start.anchor);
    Value list = Value::list();
    list.set_at(at);
    for (;;) {
      Event event;
      PAWL_TRY(next(event));
      if (event.raw.type == YAML_SEQUENCE_END_EVENT) break;
      PAWL_ASSIGN(Value item, read_node(event.raw, depth + 1));
      list.push_back(arena_, item);
    }
    remember(start.data.sequence_start.anchor, list, nodes_before);
    return list;
  }

  Result<Value> read_map(const yaml_event_t& start, Position at, std::size_t depth) {
    std::size_t nodes_before = nodes_;
    PAWL_TRY(check_collection_tag(start.data.mapping_start.tag, "map", at));
    open(start.data.mapping_start.anchor);
    Value map = Value::map();
    map.set_at(at);
    std::vector<Value> merges;
    std::unordered_set<std::string_view> large;  // the keys, once there are many
    for (;;) {
      Event key;
      PAWL_TRY(next(key));
      if (key.raw.type == YAML_MAPPING_END_EVENT) break;
      PAWL_TRY(read_member(key.raw, depth, map, merges, large));
    }
    for (const Value& merge : merges) PAWL_TRY(merge_into(map, merge));
    remember(start.data.mapping_start.anchor, map, nodes_before);
    return map;
  }

  Status read_member(const yaml_event_t& key, std::size_t depth, Value& map, std::vector<Value>& merges,
                     std::unordered_set<std::string_view>& large) {
    Position key_at = position(key.start_mark);
    if (key.type != YAML_SCALAR_EVENT) return fail(key_at, "key", "a key must be a scalar");
    const auto& scalar = key.data.scalar;
    PAWL_TRY(check_key_tag(text_of(scalar.tag), key_at));
    std::string_view name = arena_.copy(text_of(scalar.value, scalar.length));
    bool is_merge = scalar.style == YAML_PLAIN_SCALAR_STYLE && name == "<<";
    remember(scalar.anchor, Value::string_ref(name), nodes_);
    Event event;
    PAWL_TRY(next(event));
    PAWL_ASSIGN(Value value, read_node(event.raw, depth + 1));
    if (is_merge) {
      merges.push_back(value);
    } else if (options_.last_wins && is_known(map, large, name)) {
      *map.find(name) = value;
    } else if (is_known(map, large, name)) {
      Error ignored =
          fail(key_at, "duplicate-key", fmt::format("key \"{}\" stands twice in one map", name.substr(0, 64)));
      diagnostics_.back().length = static_cast<std::uint32_t>(name.size());
    } else {
      map.append_member(arena_, name, value, key_at);
      if (!large.empty()) large.insert(name);
    }
    return {};
  }

  static bool is_known(const Value& map, std::unordered_set<std::string_view>& large, std::string_view name) {
    constexpr std::size_t kLinear = 16;
    if (map.size() < kLinear) return map.find(name) != nullptr;
    if (large.empty()) {
      for (const Member& member : map.members()) large.insert(member.key);
    }
    return large.contains(name);
  }

  // YAML 1.1 merge: keys of `from` that the map does not have itself.
  Status merge_into(Value& map, const Value& from) {
    if (from.is_list()) {
      for (const Value& item : from.items()) {
        if (!item.is_map()) return fail(item.at(), "merge", "\"<<\" takes maps");
        PAWL_TRY(merge_into(map, item));
      }
      return {};
    }
    if (!from.is_map()) return fail(from.at(), "merge", "\"<<\" takes a map or a list of maps");
    for (const Member& member : from.members()) {
      if (map.find(member.key) == nullptr) map.append_member(arena_, member.key, member.value, member.key_at);
    }
    return {};
  }

  Arena& arena_;
  std::string_view text_;
  const YamlOptions& options_;
  yaml_parser_t parser_{};
  std::unordered_map<std::string, Anchored> anchors_;
  std::unordered_set<std::string> open_anchors_;
  std::vector<Diagnostic> diagnostics_;
  std::size_t nodes_ = 0;
  std::size_t alias_nodes_ = 0;
};

Status check_bytes(std::string_view text, const YamlOptions& options) {
  auto refuse = [&](std::string summary) {
    return invalid_files(
        {Diagnostic{.file = options.file, .at = {1, 1}, .code = "encoding", .summary = std::move(summary)}});
  };
  if (text.size() > options.max_bytes) {
    return refuse(fmt::format("{} bytes, more than the {} that are read", text.size(), options.max_bytes));
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return refuse("UTF-16; write it as UTF-8");
  if (text.find('\0') != std::string_view::npos) return refuse("holds a NUL byte");
  return {};
}

constexpr std::size_t kLargeText = 64 << 10;  // not worth a copy

std::string_view copy_terminated(Arena& arena, const std::string& text) {
  char* out = arena.allocate_array<char>(text.size() + 1);
  std::memcpy(out, text.c_str(), text.size() + 1);
  return {out, text.size()};
}

}  // namespace

Result<std::vector<Value>> read_yaml_events(Arena& arena, std::string_view text, const YamlOptions& options) {
  return YamlReader(arena, text, options).read();
}

Result<std::vector<Value>> parse_yaml(Arena& arena, std::string text, const YamlOptions& options) {
  PAWL_TRY(check_bytes(text, options));
  std::string_view kept = text.size() > kLargeText ? arena.adopt(std::move(text)) : copy_terminated(arena, text);
  std::vector<Value> documents;
  if (read_yaml_fast(arena, kept, options, documents)) return documents;
  return read_yaml_events(arena, kept, options);
}

Result<Document> parse_yaml_document(std::string text, const YamlOptions& options) {
  Document document;
  PAWL_ASSIGN(std::vector<Value> documents, parse_yaml(*document.arena, std::move(text), options));
  if (documents.size() != 1) {
    std::string summary = documents.empty() ? "the file is empty" : "more than one document; one is expected";
    return invalid_files({Diagnostic{.file = options.file, .at = {1, 1}, .code = "documents", .summary = summary}});
  }
  document.root = documents[0];
  return document;
}

}  // namespace pawl::format

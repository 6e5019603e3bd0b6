#include "core/render/replacement.h"

#include <algorithm>

#include "base/text.h"
#include "core/render/go_json.h"
#include "core/render/path.h"
#include "core/render/scalar.h"
#include "core/render/selector.h"
#include "format/yaml.h"
#include "format/yaml_layout.h"

namespace pawl::render {

using format::Arena;
using format::Member;
using format::Value;

namespace {

constexpr std::string_view kDefaultPath = "metadata.name";

std::vector<std::string> pieces_of(std::string_view text, std::string_view delimiter) {
  std::vector<std::string> out;
  for (;;) {
    std::size_t at = text.find(delimiter);
    out.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + delimiter.size());
  }
}

// What replacements tell objects apart by knows no kinds without namespaces.
std::string_view plain_space(std::string_view space) { return space.empty() ? "default" : space; }

bool is_source(const ResId& id, const ReplacementSource& source) {
  return (source.name.empty() || source.name == id.name) && id.gvk.selected_by(source.gvk) &&
         (source.space.empty() || plain_space(source.space) == plain_space(id.space));
}

std::string describe(const ReplacementSource& source) {
  return escape_terminal(std::string(source.gvk.kind) + "/" + std::string(source.name));
}

Result<Value> source_value(World& world, ResMap& map, const ReplacementSource& source) {
  Item* found = nullptr;
  for (Item& item : map.items()) {
    std::vector<ResId> ids = item.ids(world.schema);
    if (std::none_of(ids.begin(), ids.end(), [&](const ResId& id) { return is_source(id, source); })) continue;
    if (found != nullptr)
      return Error(ErrorCode::kInvalid, "several objects are the source " + describe(source) + " of a replacement");
    found = &item;
  }
  if (found == nullptr)
    return Error(ErrorCode::kInvalid, "no object is the source " + describe(source) + " of a replacement");
  std::string_view path = source.path.empty() ? kDefaultPath : source.path;
  PAWL_ASSIGN(Value * value, look_up(found->object, split_field_path(path)));
  if (value == nullptr || is_blank(value)) return about(*found, "it has no field " + std::string(path) + " to copy");
  Value copy = value->clone(world.arena);
  if (!source.options || source.options->delimiter.empty()) return copy;
  if (!copy.is_scalar()) return about(*found, "a delimiter takes text apart, and " + std::string(path) + " is none");
  std::vector<std::string> pieces = pieces_of(text_of(&copy), source.options->delimiter);
  std::int64_t index = source.options->index;
  if (index < 0 || static_cast<std::size_t>(index) >= pieces.size())
    return about(*found, "there is no piece " + std::to_string(index) + " in " + std::string(path));
  set_text(world.arena, copy, pieces[static_cast<std::size_t>(index)]);
  return copy;
}

// Puts a value into the places of one target.
class Writer {
 public:
  Writer(World& world, const Value& value, const std::optional<FieldOptions>& options)
      : arena_(world.arena), shared_(world.shared), value_(value), options_(options) {}

  Status write(Value& object, std::string_view path) {
    NodeKind make = options_ && options_->create ? node_kind(value_) : NodeKind::kNone;
    std::vector<std::string> parts = split_field_path(path);
    // Whatever an annotation holds, it is text in the end.
    is_annotation_ = parts.size() == 3 && parts[0] == "metadata" && parts[1] == "annotations";
    PAWL_ASSIGN(bool inside, write_inside_text(object, parts, make));
    if (inside) return {};
    PAWL_ASSIGN(std::vector<Value*> places, match_path(arena_, object, parts, make));
    if (places.empty()) return Error(ErrorCode::kInvalid, "it has no field " + std::string(path) + " to write to");
    for (Value* place : places) {
      Value old = *place;
      PAWL_TRY(put(*place));
      if (shared_.holds(old)) *place = shared_.replace(arena_, object, old, *place);
    }
    return {};
  }

 private:
  Status put(Value& place) {
    bool joins = options_ && !options_->delimiter.empty();
    if (joins && !place.is_scalar())
      return Error(ErrorCode::kInvalid, "a delimiter takes text apart, and the target is none");
    if (!place.is_scalar()) {
      place = value_.clone(arena_);
      return {};
    }
    // A scalar takes the text alone, which of a list or map is nothing; what it is read as stays.
    return put_text(place, joins ? joined(place) : std::string(value_.string_or_empty()));
  }

  std::string joined(const Value& place) const {
    std::vector<std::string> pieces = pieces_of(place.string_or_empty(), options_->delimiter);
    std::string text(text_of(&value_));
    if (options_->index < 0)
      pieces.insert(pieces.begin(), text);
    else if (static_cast<std::size_t>(options_->index) >= pieces.size())
      pieces.push_back(text);
    else
      pieces[static_cast<std::size_t>(options_->index)] = text;
    return join(pieces, options_->delimiter);
  }

  Status put_text(Value& place, const std::string& text) {
    Tag tag = place.is_null() ? Tag::kNull : tag_of(place);
    if (place.is_null()) {
      place = plain_value(arena_, text);
    } else if (tag == Tag::kString) {
      bool quotes = place.quoted() && !place.unstyled();
      bool quoted = place.quoted();
      place = string_value(arena_, text);
      if (quoted) place.set_quoted(true);
      place.set_unstyled(!quotes && place.quoted());
    } else {
      Value plain = plain_value(arena_, text);
      Tag now = tag_of(plain);
      bool fits = now == tag || (tag == Tag::kFloat && now == Tag::kInt) || is_annotation_;
      if (!fits)
        return Error(ErrorCode::kInvalid, "\"" + escape_terminal(text.substr(0, 60)) +
                                              "\" cannot stand where a number, true, false or null stood");
      place = plain;
    }
    return {};
  }

  // Text on the way that holds YAML or JSON is opened, changed and closed again. Returns whether that was done; what
  // stands in the way of it is no error, because the text may be meant as it is.
  Result<bool> write_inside_text(Value& object, const std::vector<std::string>& parts, NodeKind make) {
    for (std::size_t depth = 1; depth < parts.size(); ++depth) {
      Result<Value*> found = look_up(object, {parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(depth)});
      if (!found || *found == nullptr || !(*found)->is_scalar()) continue;
      Result<std::vector<Value>> documents = parse_text(arena_, (*found)->string_or_empty(), "");
      if (!documents) continue;
      if (documents->empty()) return false;
      std::vector<std::string> rest(parts.begin() + static_cast<std::ptrdiff_t>(depth), parts.end());
      return write_document(**found, (*documents)[0], rest, make);
    }
    return false;
  }

  Result<bool> write_document(Value& holder, Value document, const std::vector<std::string>& path, NodeKind make) {
    Result<std::vector<Value*>> places = match_path(arena_, document, path, make);
    if (!places || places->empty()) return false;
    std::string_view start = trim(holder.string_or_empty());
    bool json = start.starts_with('{') || start.starts_with('[');
    for (Value* place : *places) {
      if (!put_inside(*place, json)) return false;
    }
    std::optional<std::string> text = closed(document, holder.string_or_empty(), json);
    if (!text) return false;
    PAWL_TRY(put_text(holder, *text));
    return true;
  }

  // Inside of text kustomize knows no options, and writes text in the place of a number: !!int text.
  Status put_inside(Value& place, bool json) {
    Position at = place.at();
    if (place.is_scalar()) {
      std::string text(value_.string_or_empty());
      if (json || is_string(place))
        PAWL_TRY(put_text(place, text));
      else
        place = plain_value(arena_, text);
      place.set_at(at);  // so that it keeps its style
    } else {
      place = value_.clone(arena_);
      forget_places(place);
    }
    return {};
  }

  // What comes from elsewhere stands nowhere in this text.
  static void forget_places(Value& tree) {
    tree.set_at({});
    for (Value& item : tree.items()) forget_places(item);
    for (Member& member : tree.members()) {
      member.key_at = {};
      forget_places(member.value);
    }
  }

  // The document as text in the form that it had.
  std::optional<std::string> closed(Value document, std::string_view before, bool json) {
    std::optional<format::YamlLayout> layout = json ? std::nullopt : format::YamlLayout::read(before);
    if (layout) return std::string(trim(layout->render(document)));
    Value data = document.clone(arena_);
    if (!read_scalars(arena_, data)) return std::nullopt;
    if (!json) return std::string(trim(format::render_yaml(data, format::KeyOrder::kAsWritten)));
    bool pretty = before.find('\n') != std::string_view::npos && before.find("  ") != std::string_view::npos;
    return go_json(data, pretty ? JsonLayout::kIndented : JsonLayout::kCompact);
  }

  Arena& arena_;
  SharedValues& shared_;
  const Value& value_;
  const std::optional<FieldOptions>& options_;
  bool is_annotation_ = false;
};

struct TargetPattern {
  SelectorPattern select;
  std::vector<SelectorPattern> reject;
};

Result<TargetPattern> compile(const ReplacementTarget& target) {
  if (!target.select) return Error(ErrorCode::kInvalid, "a replacement's target says which objects it is for: select");
  PAWL_ASSIGN(SelectorPattern select, SelectorPattern::compile(*target.select));
  TargetPattern out{std::move(select), {}};
  for (const Selector& reject : target.reject) {
    PAWL_ASSIGN(SelectorPattern pattern, SelectorPattern::compile(reject));
    out.reject.push_back(std::move(pattern));
  }
  return out;
}

bool matches_id(const SelectorPattern& pattern, const ResId& id) {
  return pattern.matches_gvk(id.gvk) && pattern.matches_name(id.name) && pattern.matches_space(id.space);
}

Result<bool> is_target(Schema& schema, const TargetPattern& pattern, const Item& item) {
  std::vector<ResId> ids = item.ids(schema);
  auto any = [&](const SelectorPattern& one) {
    return std::any_of(ids.begin(), ids.end(), [&](const ResId& id) { return matches_id(one, id); });
  };
  if (!any(pattern.select)) return false;
  PAWL_ASSIGN(bool labelled, pattern.select.matches_labels(item.object));
  if (!labelled) return false;
  for (const SelectorPattern& reject : pattern.reject) {
    const Selector& s = reject.selector();
    if (!s.labels.empty() || !s.annotations.empty()) {
      PAWL_ASSIGN(bool rejected, reject.matches_labels(item.object));
      if (rejected) return false;
    }
    bool says_who = !s.gvk.empty() || !s.name.empty() || !s.space.empty();
    if (says_who && any(reject)) return false;
  }
  return true;
}

Status write_target(World& world, ResMap& map, const Value& value, const ReplacementTarget& target) {
  PAWL_ASSIGN(TargetPattern pattern, compile(target));
  std::vector<std::string_view> paths = target.paths.empty() ? std::vector{kDefaultPath} : target.paths;
  Writer writer(world, value, target.options);
  for (Item& item : map.items()) {
    PAWL_ASSIGN(bool meant, is_target(world.schema, pattern, item));
    if (!meant) continue;
    for (std::string_view path : paths) {
      if (Status status = writer.write(item.object, path); !status) return about(item, status.error().message);
    }
  }
  return {};
}

Status replace(World& world, ResMap& map, const Replacement& replacement) {
  bool has_source = replacement.source.has_value() || replacement.value.has_value();
  if (!has_source || !replacement.targets)
    return Error(ErrorCode::kInvalid, "a replacement has a source and at least one target");
  if (replacement.source && replacement.value)
    return Error(ErrorCode::kInvalid, "a replacement has either source or sourceValue");
  Value value;
  if (replacement.value) {
    value = plain_value(world.arena, *replacement.value);
  } else {
    PAWL_ASSIGN(value, source_value(world, map, *replacement.source));
  }
  for (const ReplacementTarget& target : *replacement.targets) PAWL_TRY(write_target(world, map, value, target));
  return {};
}

// The replacements of a file: a list, or one alone.
Result<std::vector<Replacement>> load_file(World& world, const std::string& folder, std::string_view path) {
  PAWL_ASSIGN(Files::Below file, world.files.read_below(folder, path));
  PAWL_ASSIGN(std::vector<Value> documents, parse_text(world.arena, file.bytes, file.path));
  std::vector<Replacement> out;
  if (documents.empty() || documents[0].is_scalar())
    return Error(ErrorCode::kInvalid, file.path + " holds neither a replacement nor a list of them");
  std::span<const Value> entries =
      documents[0].is_list() ? documents[0].items() : std::span<const Value>(documents).first(1);
  for (const Value& entry : entries) {
    PAWL_ASSIGN(Replacement read,
                read_fields<Replacement>(entry, {.file = file.path, .unknown = true, .numbers = true}));
    out.push_back(std::move(read));
  }
  return out;
}

}  // namespace

Status replace_all(World& world, const std::string& folder, ResMap& map, std::span<const Replacement> replacements) {
  for (const Replacement& one : replacements) {
    if (one.path.empty()) {
      PAWL_TRY(replace(world, map, one));
      continue;
    }
    if (one.source || one.targets)
      return Error(ErrorCode::kInvalid, "a replacement has either a path or fields of its own");
    PAWL_ASSIGN(std::vector<Replacement> loaded, load_file(world, folder, one.path));
    for (const Replacement& other : loaded) PAWL_TRY(replace(world, map, other));
  }
  map.changed();
  return {};
}

}  // namespace pawl::render

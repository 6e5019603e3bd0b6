#include <algorithm>

#include "base/text.h"
#include "core/render/patch.h"
#include "core/render/scalar.h"
#include "format/yaml_scalar.h"

// kustomize merges by walking the object and the patch together, and the object also where the patch says nothing: so
// empty values vanish from an object that is patched elsewhere, and its keyed lists lose elements that come twice. What
// is new in a patch is merged with itself, by which its directives and nulls go. All of that is kept here.

namespace pawl::render {

using format::Arena;
using format::Member;
using format::Value;

namespace {

constexpr std::string_view kDirective = "$patch";

enum class Directive : std::uint8_t { kMerge, kReplace, kDelete };

using Texts = std::vector<std::string_view>;

Result<Directive> directive_named(std::string_view word) {
  if (word == "delete") return Directive::kDelete;
  if (word == "replace") return Directive::kReplace;
  if (word == "merge") return Directive::kMerge;
  return Error(ErrorCode::kInvalid, "\"" + escape_terminal(word.substr(0, 60)) + "\" is no $patch directive");
}

bool is_empty_map(const Value* value) { return is_null(value) || (value->is_map() && value->empty()); }

// The field of a map that has one; nullptr for everything else.
Value* field_of(Value* map, std::string_view key) { return map == nullptr ? nullptr : map->find(key); }

// Which key fields of a list's elements count: those that any of them has a value for.
struct Keys {
  Texts keys;
  Texts values;
};
Keys valid_keys(const std::vector<Texts>& all, const Texts& values, const Texts& keys) {
  auto is_used = [&](std::size_t i) {
    return std::any_of(all.begin(), all.end(), [&](const Texts& one) { return !one[i].empty(); });
  };
  Keys out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!is_used(i)) continue;
    out.keys.push_back(keys[i]);
    out.values.push_back(values[i]);
  }
  return out.keys.empty() ? Keys{keys, values} : out;
}

// Values of two elements that agree where both have one, and do so somewhere, are those of one element.
std::optional<Texts> united(const Texts& a, const Texts& b) {
  bool common = false;
  Texts out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    common |= a[i] == b[i];
    if (a[i] != b[i] && !a[i].empty() && !b[i].empty()) return std::nullopt;
    out.push_back(a[i].empty() ? b[i] : a[i]);
  }
  if (!common) return std::nullopt;
  return out;
}

void unite_all(std::vector<Texts>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (std::optional<Texts> both = united(all[i], all[j])) all[i] = all[j] = *both;
    }
  }
}

// A list whose elements are found by the values of their key fields; "" as the one key for elements that are scalars.
class KeyedList {
 public:
  KeyedList(Arena& arena, Value& list) : arena_(arena), list_(list) {}

  // Puts `element` in the place of every element with these values, or behind the last; nullptr takes them out. Empty
  // elements go too.
  Status set(const Value* element, const Texts& keys, const Texts& values) {
    bool found = false;
    std::size_t kept = 0;
    std::span<Value> items = list_.items();
    for (Value& item : items) {
      if (is_empty_map(&item)) continue;
      PAWL_ASSIGN(bool matched, matches(item, keys, values));
      found |= matched;
      if (matched && element == nullptr) continue;
      if (!matched && values.empty()) continue;
      Value out = matched ? *element : item;
      items[kept++] = out;
    }
    while (list_.size() > kept) list_.erase_at(list_.size() - 1);
    if (element != nullptr && !is_null(*element) && !found) list_.push_back(arena_, *element);
    return {};
  }

 private:
  // With fewer values than keys, those that there are count for the first keys; without any, nothing matches and (see
  // set()) nothing is kept: so kustomize has it for elements that lack their key fields.
  static Result<bool> matches(const Value& item, const Texts& keys, const Texts& values) {
    bool keyed = !keys[0].empty() && !values.empty() && !values[0].empty();
    if ((!item.is_map() && keyed) || values.empty()) return false;
    for (std::size_t i = 0; i < std::min(keys.size(), values.size()); ++i) {
      if (keys[i].empty() != item.is_scalar())
        return Error(ErrorCode::kInvalid, "a list that is merged holds elements of different kinds");
      const Value* field = keys[i].empty() ? &item : item.find(keys[i]);
      if (field == nullptr) return false;
      bool any = values[i].empty() && !keys[i].empty();
      if (!any && field->string_or_empty() != values[i]) return false;
    }
    return true;
  }

  Arena& arena_;
  Value& list_;
};

class Merger {
 public:
  Merger(World& world, Value& object)
      : arena_(world.arena), schema_(world.schema), shared_(world.shared), object_(object) {}

  // Returns what `to` and `from` (each may be absent) make together; nullptr when nothing is left.
  Result<Value*> merge(Value* to, Value* from, SchemaNode schema) {
    const Value* first = !is_null(to) ? to : !is_null(from) ? from : nullptr;
    if (!schema.known()) schema = schema_of(to, from);
    if (first == nullptr) return merge_maps(to, from, schema);
    for (const Value* one : {static_cast<const Value*>(to), static_cast<const Value*>(from)}) {
      bool same = is_null(one) || (one->is_map() == first->is_map() && one->is_list() == first->is_list());
      if (!same) return Error(ErrorCode::kInvalid, "the patch has another kind of value at " + where());
    }
    if (first->is_map()) return merge_maps(to, from, schema);
    if (first->is_list() && schema.merges) return merge_lists(to, from, schema);
    return from != nullptr ? from : to;
  }

 private:
  std::string where() const {
    std::string out;
    for (std::string_view part : path_) out += (out.empty() ? "" : ".") + std::string(part);
    return escape_terminal(out);
  }

  // An object inside of an object, or the object itself, is known by its kind.
  SchemaNode schema_of(const Value* to, const Value* from) {
    for (const Value* one : {to, from}) {
      if (one == nullptr || !one->is_map()) continue;
      std::string_view api_version = text_at(*one, "apiVersion");
      std::string_view kind = text_at(*one, "kind");
      if (api_version.empty() || kind.empty()) continue;
      if (SchemaNode node = schema_.of_kind(api_version, kind); node.known()) return node;
    }
    return {};
  }

  // Reads and takes out a map's directive.
  Result<Directive> take_directive(Value* map) {
    const Value* word = map == nullptr ? nullptr : map->find(kDirective);
    if (word == nullptr) return Directive::kMerge;
    PAWL_ASSIGN(Directive directive, directive_named(word->string_or_empty()));
    map->erase(kDirective);
    return directive;
  }

  // A list's directive stands in an element of its own.
  Result<Directive> take_list_directive(Value* list) {
    if (list == nullptr) return Directive::kMerge;
    for (const Value& element : list->items()) {
      const Value* word = element.find(kDirective);
      if (word == nullptr) continue;
      if (element.size() > 1) return Directive::kMerge;
      std::string_view text = word->string_or_empty();
      PAWL_ASSIGN(Directive directive, directive_named(text));
      PAWL_TRY(KeyedList(arena_, *list).set(nullptr, {kDirective}, {text}));
      return directive;
    }
    return Directive::kMerge;
  }

  // The map that the merged fields go into; nullptr when nothing is left.
  Result<Value*> choose_map(Value* to, Value* from) {
    if (is_null(to)) {
      Result<Directive> directive = from != nullptr && from->is_map() ? take_directive(from) : Directive::kMerge;
      if (directive && *directive == Directive::kDelete) return nullptr;
      // A null that was written out stays; an empty value does not.
      bool written = from == nullptr && to != nullptr && !to->string_or_empty().empty();
      return written ? to : from;
    }
    if (from != nullptr && is_null(from)) return nullptr;
    PAWL_ASSIGN(Directive directive, take_directive(from));
    if (directive == Directive::kDelete) return nullptr;
    return directive == Directive::kReplace ? from : to;
  }

  Result<Value*> merge_maps(Value* to, Value* from, SchemaNode schema) {
    PAWL_ASSIGN(Value * into, choose_map(to, from));
    if (into == nullptr || !into->is_map()) return into;
    for (std::string_view key : all_keys(*into, from)) {
      path_.push_back(key);
      Value* source = field_of(from, key);
      Result<Value*> merged = merge(field_of(into, key), source, schema_.field(schema, key));
      if (!merged) return merged;
      path_.pop_back();
      put(*into, key, *merged, source == nullptr);
    }
    return into;
  }

  static Texts all_keys(const Value& into, const Value* from) {
    Texts keys;
    for (const Member& member : into.members()) keys.push_back(member.key);
    if (from != nullptr && from != &into) {
      for (const Member& member : from->members()) keys.push_back(member.key);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }

  // A null stays only where the object has it, written out, and the patch says nothing.
  void put(Value& into, std::string_view key, const Value* merged, bool untouched) {
    Value* old = into.find(key);
    bool kept = merged != nullptr && (!is_null(*merged) || (untouched && !merged->string_or_empty().empty()));
    if (!kept) {
      into.erase(key);
    } else if (old == nullptr) {
      Value value = *merged;
      quote_old_words(value);
      into.set(arena_, key, value);
    } else if (merged != old) {
      Value value = *merged;
      take_style(value, *old);
      if (shared_.holds(*old)) value = shared_.replace(arena_, object_, *old, value);
      into.set(arena_, key, value);
    } else {
      quote_old_words(*old);
    }
  }

  // A value takes the style of the one that it replaces: 1 in the place of "0" is text, and what comes in the place of
  // a "1" that stands where 0 stood is none.
  static void take_style(Value& value, const Value& old) {
    if (!value.is_string()) return;
    // (A generated "" has no quotes in kustomize; one that was read has a place.)
    bool quotes = old.quoted() && !old.unstyled() && (!old.as_string().empty() || old.at().line != 0);
    value.set_unstyled(!quotes && value.quoted());
    if (quotes) value.set_quoted(true);
  }

  // Strings that YAML 1.1 would read as something else get quotes wherever a merge comes by.
  static void quote_old_words(Value& value) {
    if (value.is_string() && value.unstyled() && format::needs_quotes(value.as_string())) value.set_unstyled(false);
    if (old_bool_of(value) && is_string(value)) value.set_quoted(true);
  }

  Result<Value*> merge_lists(Value* to, Value* from, SchemaNode schema) {
    Value* into = to;
    if (is_null(to)) {
      into = from;
    } else {
      if (from != nullptr && is_null(from)) return nullptr;
      PAWL_ASSIGN(Directive directive, take_list_directive(from));
      if (directive == Directive::kDelete) return nullptr;
      if (directive == Directive::kReplace) into = from;
    }
    Texts keys = schema.key_list();
    bool scalars = keys.empty();
    if (scalars) keys.push_back("");
    std::vector<Texts> values = element_values(from, into, keys);
    return merge_elements(*into, from, std::move(values), keys, schema.element());
  }

  // The key values of every element, each once: the patch's first.
  static std::vector<Texts> element_values(const Value* from, const Value* into, const Texts& keys) {
    std::vector<Texts> out;
    for (const Value* list : {from, into}) {
      if (list == nullptr) continue;
      for (const Value& element : list->items()) {
        Texts values;
        for (std::string_view key : keys) {
          const Value* field = key.empty() ? &element : element.find(key);
          values.push_back(is_blank(field) ? std::string_view() : field->string_or_empty());
        }
        if (std::find(out.begin(), out.end(), values) == out.end()) out.push_back(std::move(values));
      }
    }
    return out;
  }

  static Value* find_element(Value* list, const Keys& wanted) {
    if (list == nullptr) return nullptr;
    Keys by = valid_keys({wanted.values}, wanted.values, wanted.keys);
    for (Value& element : list->items()) {
      bool found = true;
      for (std::size_t i = 0; i < by.keys.size() && found; ++i) {
        const Value* field = by.keys[i].empty() ? &element : element.find(by.keys[i]);
        found = field != nullptr && field->string_or_empty() == by.values[i];
      }
      if (found) return &element;
    }
    return nullptr;
  }

  Result<Value*> merge_elements(Value& into, Value* from, std::vector<Texts> all, const Texts& keys,
                                SchemaNode schema) {
    if (all.empty()) return &into;
    if (keys.size() > 1) unite_all(all);
    Value& out = *new (arena_.allocate_array<Value>(1)) Value(Value::list());
    Keys by;
    for (const Texts& values : all) {
      by = valid_keys(all, values, keys);
      PAWL_ASSIGN(Value * merged, merge(find_element(&into, by), find_element(from, by), schema));
      if (is_empty_map(merged)) {
        PAWL_TRY(KeyedList(arena_, into).set(nullptr, by.keys, by.values));
        continue;
      }
      Value element = *merged;
      name_element(element, by);
      *merged = element;
      PAWL_TRY(KeyedList(arena_, out).set(&element, by.keys, by.values));
    }
    PAWL_TRY(append_rest(out, into, by.keys));
    return &out;
  }

  // Makes sure that an element says what it is found by.
  void name_element(Value& element, const Keys& by) {
    for (std::size_t i = 0; i < by.keys.size(); ++i) {
      if (element.is_map() && element.find(by.keys[i]) == nullptr && !by.values[i].empty())
        element.set(arena_, by.keys[i], plain_value(arena_, by.values[i]));
    }
  }

  // Behind what the patch named: the object's own elements, each in the place of its like.
  Status append_rest(Value& out, const Value& into, const Texts& keys) {
    for (const Value& element : into.items()) {
      if (keys[0].empty()) {
        PAWL_TRY(KeyedList(arena_, out).set(&element, {""}, {element.string_or_empty()}));
        continue;
      }
      if (!element.is_map() && !is_null(element))
        return Error(ErrorCode::kInvalid, "a list that is merged holds something that is no map, at " + where());
      Texts values;
      for (std::string_view key : keys) {
        const Value* field = element.find(key);
        if (field == nullptr)
          out.push_back(arena_, element);
        else
          values.push_back(field->string_or_empty());
      }
      if (keys.size() > 1) PAWL_TRY(KeyedList(arena_, out).set(nullptr, keys, values));
      PAWL_TRY(KeyedList(arena_, out).set(&element, keys, values));
    }
    return {};
  }

  Arena& arena_;
  Schema& schema_;
  SharedValues& shared_;
  Value& object_;
  Texts path_;
};

}  // namespace

Result<bool> merge_strategic(World& world, Value& object, Value& patch) {
  PAWL_ASSIGN(Value * merged, Merger(world, object).merge(&object, &patch, {}));
  if (is_blank(merged)) return false;
  if (merged != &object) object = *merged;
  return true;
}

}  // namespace pawl::render

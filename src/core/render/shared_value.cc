#include "core/render/shared_value.h"

#include "core/render/scalar.h"

namespace pawl::render {

using format::Arena;
using format::Member;
using format::Value;

namespace {

void put_everywhere(Value& tree, const char* old, const Value& value) {
  for (Value& item : tree.items()) put_everywhere(item, old, value);
  for (Member& member : tree.members()) put_everywhere(member.value, old, value);
  if (tree.is_string() && tree.as_string().data() == old) tree = value;
}

}  // namespace

Value SharedValues::make(Arena& arena, std::string_view text) {
  Value out = string_value(arena, text);
  if (!text.empty()) texts_.insert(out.as_string().data());
  return out;
}

Value SharedValues::replace(Arena& arena, Value& object, const Value& old, const Value& value) {
  const char* address = old.as_string().data();
  Value fresh = make(arena, value.string_or_empty());
  fresh.set_quoted(value.quoted());
  fresh.set_unstyled(value.unstyled());
  put_everywhere(object, address, fresh);
  return fresh;
}

void SharedValues::part(Arena& arena, Value& object) const {
  if (texts_.empty()) return;
  for (Value& item : object.items()) part(arena, item);
  for (Member& member : object.members()) part(arena, member.value);
  if (holds(object)) set_text(arena, object, object.as_string());
}

}  // namespace pawl::render

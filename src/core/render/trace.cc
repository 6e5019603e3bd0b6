#include "core/render/trace.h"

#include <array>

#include "core/render/scalar.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

// Appends text in a form that no other sequence of texts has.
void append(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void append(std::string& out, const Value& value) {
  if (value.is_map()) {
    out += '{';
    for (const Member& member : value.members()) {
      append(out, member.key);
      append(out, member.value);
    }
    out += '}';
  } else if (value.is_list()) {
    out += '[';
    for (const Value& item : value.items()) append(out, item);
    out += ']';
  } else {
    out += value.quoted() ? 'q' : 'p';
    append(out, value.string_or_empty());
  }
}

// Selectors and references of others look at these fields, and at nothing else.
std::string shape_of(const Value& object) {
  std::string out;
  for (std::string_view field : std::to_array<std::string_view>({"apiVersion", "kind", "metadata", "roleRef"})) {
    const Value* value = object.find(field);
    append(out, field);
    if (value != nullptr) append(out, *value);
  }
  return out;
}

std::string fate_of(Schema& schema, const Item& item) {
  std::string out;
  for (const PreviousId& old : item.before) {
    append(out, old.kind);
    append(out, old.space);
    append(out, old.name);
  }
  out += '|';
  for (std::string_view prefix : item.prefixes) append(out, prefix);
  out += '|';
  for (std::string_view suffix : item.suffixes) append(out, suffix);
  ResId now = item.id(schema);
  for (std::string_view part : {now.gvk.group, now.gvk.version, now.gvk.kind, now.space, now.name}) append(out, part);
  out += item.hashed ? 'h' : '-';
  out += is_local(item) ? 'l' : '-';
  return out;
}

}  // namespace

void Trace::loaded(const std::string& path, std::vector<Item>& items) {
  File& file = files_[path];
  ++file.loads;
  std::vector<Traced>& objects = file.objects;
  for (Item& item : items) {
    objects.push_back({crypto::sha256(shape_of(item.object)), {std::string(item.name())}});
    item.place = static_cast<std::uint32_t>(objects.size());
  }
}

Traced* Trace::find(const Item& item) {
  if (item.place == 0) return nullptr;
  auto file = files_.find(std::string(item.file));
  bool known = file != files_.end() && item.place <= file->second.objects.size();
  check(known, "an object with a place was loaded under this trace");
  return &file->second.objects[item.place - 1];
}

void Trace::built(Schema& schema, const std::vector<Item>& items) {
  for (const Item& item : items) {
    Traced* traced = find(item);
    if (traced == nullptr) continue;
    traced->seen = crypto::sha256(traced->seen.bytes(), fate_of(schema, item));
    traced->names.emplace(item.name());
    for (const PreviousId& old : item.before) traced->names.emplace(old.name);
  }
}

bool is_excerpt(const World& world) { return world.trace != nullptr && world.trace->is_excerpt(); }

const std::set<std::string>& Trace::wanted_by(const std::string& path) const {
  static const std::set<std::string> kNone;
  auto found = wanted_.find(path);
  return found == wanted_.end() ? kNone : found->second;
}

}  // namespace pawl::render

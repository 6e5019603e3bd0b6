#include "core/render/trace.h"

#include <array>
#include <charconv>

#include "core/render/scalar.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

// Appends text in a form that no other sequence of texts has.
void append(std::string& out, std::string_view text) {
  std::array<char, 24> size{};
  char* end = std::to_chars(size.data(), size.data() + size.size(), text.size()).ptr;
  *end++ = ':';
  out.append(size.data(), end).append(text);
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
void append_shape(std::string& out, const Value& object) {
  for (std::string_view field : std::to_array<std::string_view>({"apiVersion", "kind", "metadata", "roleRef"})) {
    const Value* value = object.find(field);
    append(out, field);
    if (value != nullptr) append(out, *value);
  }
}

void append_fate(std::string& out, const Item& item) {
  for (const PreviousId& old : item.before) {
    append(out, old.kind);
    append(out, old.space);
    append(out, old.name);
  }
  out += '|';
  for (std::string_view prefix : item.prefixes) append(out, prefix);
  out += '|';
  for (std::string_view suffix : item.suffixes) append(out, suffix);
  Gvk now = item.gvk();
  for (std::string_view part : {now.group, now.version, now.kind, item.space(), item.name()}) append(out, part);
  out += item.hashed ? 'h' : '-';
  out += is_local(item) ? 'l' : '-';
}

}  // namespace

std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 14695981039346656037u;
  for (char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211u;
  return hash;
}

void Trace::loaded(const std::string& path, std::vector<Item>& items) {
  latest_ = files_.try_emplace(path).first;
  File& file = latest_->second;
  ++file.loads;
  for (Item& item : items) {
    scratch_.clear();
    append_shape(scratch_, item.object);
    file.seen.push_back(crypto::sha256(scratch_));
    file.names.push_back(name_hash(item.name()));
    item.place = static_cast<std::uint32_t>(file.seen.size());
  }
}

Trace::File* Trace::find(const Item& item) {
  if (item.place == 0) return nullptr;
  if (latest_ == files_.end() || latest_->first != item.file) latest_ = files_.find(item.file);
  bool known = latest_ != files_.end() && item.place <= latest_->second.seen.size();
  check(known, "an object with a place was loaded under this trace");
  return &latest_->second;
}

void Trace::built(const Item& item) {
  File* file = find(item);
  if (file == nullptr) return;
  scratch_.clear();
  append_fate(scratch_, item);
  crypto::Digest& seen = file->seen[item.place - 1];
  seen = crypto::sha256(seen.bytes(), scratch_);
  file->names.push_back(name_hash(item.name()));
  for (const PreviousId& old : item.before) {
    if (old.name != item.name()) file->names.push_back(name_hash(old.name));
  }
}

void Trace::looked_for(const Item& by, std::string_view name) {
  if (File* file = find(by)) file->wanted.push_back(name_hash(name));
}

bool is_excerpt(const World& world) { return world.trace != nullptr && world.trace->is_excerpt(); }

}  // namespace pawl::render

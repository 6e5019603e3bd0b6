#include "core/cel/text.h"

#include "core/cel/lib/go_text.h"
#include "core/cel/time.h"

namespace pawl::cel {

namespace {

using Kind = Value::Kind;

constexpr std::size_t kLongestDisplay = 4096;

// Shown values appear in error texts only: what is too long for those is cut.
void show(const Value& value, std::string& out);

void show_list(const Value& list, std::string& out) {
  out += "[";
  for (std::size_t i = 0; i < list.size() && out.size() < kLongestDisplay; ++i) {
    if (i > 0) out += ", ";
    show(list.item(i), out);
  }
  out += "]";
}

void show_map(const Value& map, std::string& out) {
  out += "{";
  for (std::size_t i = 0; i < map.size() && !map.is_lazy() && out.size() < kLongestDisplay; ++i) {
    if (i > 0) out += ", ";
    show(map.key(i), out);
    out += ": ";
    show(map.entry(i), out);
  }
  out += "}";
}

void show_bytes(std::string_view bytes, std::string& out) {
  out += "[";
  for (std::size_t i = 0; i < bytes.size() && out.size() < kLongestDisplay; ++i)
    out += (i == 0 ? "" : " ") + std::to_string(static_cast<unsigned char>(bytes[i]));
  out += "]";
}

void show(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::kNull:
      out += "NULL_VALUE";
      return;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kInt:
      out += std::to_string(value.as_int());
      return;
    case Kind::kUint:
      out += std::to_string(value.as_uint());
      return;
    case Kind::kDouble:
      out += lib::shortest_general(value.as_double());
      return;
    case Kind::kString:
    case Kind::kType:
    case Kind::kError:
      out += value.text();
      return;
    case Kind::kBytes:
      return show_bytes(value.text(), out);
    case Kind::kDuration:
      out += render_duration(value.duration_nanos());
      return;
    case Kind::kTimestamp:
      out += render_timestamp(value.instant());
      return;
    case Kind::kList:
      return show_list(value, out);
    case Kind::kMap:
      return show_map(value, out);
    case Kind::kOptional:
      if (!value.has_value()) {
        out += "optional.none()";
        return;
      }
      out += "optional(";
      show(value.optional_value(), out);
      out += ")";
      return;
    case Kind::kOpaque:
      out += type_name(value);
      return;
    case Kind::kAbsent:
      return;
  }
}

}  // namespace

std::string display(const Value& value) {
  std::string out;
  show(value, out);
  return out;
}

std::string go_type(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "types.Null";
    case Kind::kBool:
      return "types.Bool";
    case Kind::kInt:
      return "types.Int";
    case Kind::kUint:
      return "types.Uint";
    case Kind::kDouble:
      return "types.Double";
    case Kind::kString:
      return "types.String";
    case Kind::kBytes:
      return "types.Bytes";
    case Kind::kDuration:
      return "types.Duration";
    case Kind::kTimestamp:
      return "types.Timestamp";
    case Kind::kList:
      return value.is_data() ? "[]interface {}" : "*types.baseList";
    case Kind::kMap:
      return value.is_data() ? "map[string]interface {}" : "*types.baseMap";
    case Kind::kType:
      return "*types.Type";
    case Kind::kOptional:
      return "*types.Optional";
    case Kind::kError:
      return "*types.Err";
    case Kind::kOpaque:
    case Kind::kAbsent:
      break;
  }
  return std::string(type_name(value));
}

}  // namespace pawl::cel

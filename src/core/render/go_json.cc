#include "core/render/go_json.h"

#include <utility>

#include "format/json.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

class GoJsonWriter {
 public:
  explicit GoJsonWriter(JsonLayout layout) : indented_(layout == JsonLayout::kIndented) {}

  void write(const Value& value) {
    if (value.is_map())
      write_map(value);
    else if (value.is_list())
      write_list(value);
    else if (value.is_string())
      write_string(value.as_string());
    else
      out_ += format::render_json(value);
  }

  std::string take() { return std::move(out_); }

 private:
  void write_string(std::string_view text) {
    std::string plain = format::render_json(Value::string_ref(text));
    for (std::size_t i = 0; i < plain.size(); ++i) {
      char c = plain[i];
      if (c == '<')
        out_ += "\\u003c";
      else if (c == '>')
        out_ += "\\u003e";
      else if (c == '&')
        out_ += "\\u0026";
      else if (plain.compare(i, 3, "\xE2\x80\xA8") == 0) {
        out_ += "\\u2028";
        i += 2;
      } else if (plain.compare(i, 3, "\xE2\x80\xA9") == 0) {
        out_ += "\\u2029";
        i += 2;
      } else {
        out_ += c;
      }
    }
  }

  void write_map(const Value& map) {
    open('{');
    bool first = true;
    for (const Member* member : format::members_by_key(map)) {
      next(first);
      write_string(member->key);
      out_ += indented_ ? ": " : ":";
      write(member->value);
    }
    close('}', first);
  }

  void write_list(const Value& list) {
    open('[');
    bool first = true;
    for (const Value& item : list.items()) {
      next(first);
      write(item);
    }
    close(']', first);
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
  }
  void next(bool& first) {
    if (!first) out_ += ',';
    first = false;
    new_line();
  }
  void close(char bracket, bool empty) {
    --depth_;
    if (!empty) new_line();
    out_ += bracket;
  }
  void new_line() {
    if (!indented_) return;
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
  }

  bool indented_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string go_json(const Value& value, JsonLayout layout) {
  GoJsonWriter writer(layout);
  writer.write(value);
  return writer.take();
}

}  // namespace pawl::render

#include "format/yaml.h"
#include "format/yaml_layout.h"
#include "format/yaml_scalar.h"

namespace pawl::format {

// Prints line by line. A comment that belongs to what is above it keeps an empty line to what comes behind.
class LayoutPrinter {
 public:
  explicit LayoutPrinter(const YamlLayout& layout) : layout_(layout) {}

  std::string print(const Value& document) {
    if (!layout_.head_.empty()) {
      comment(layout_.head_, 0);
      foot_indent_ = 0;
    }
    if (document.is_scalar() || is_flow(document, false)) begin_line(0);
    node(document, 0, false);
    if (!layout_.foot_.empty()) {
      foot_indent_ = 0;
      comment(layout_.foot_, 0);
    }
    return std::move(out_);
  }

 private:
  using Comments = YamlLayout::Comments;

  void begin_line(std::size_t indent) {
    if (!out_.empty()) out_ += '\n';
    if (foot_indent_ == indent) out_ += '\n';
    foot_indent_.reset();
    out_.append(indent, ' ');
  }

  void comment(std::string_view lines, std::size_t indent) {
    begin_line(indent);
    for (std::string_view rest = lines;;) {
      std::size_t end = rest.find('\n');
      out_ += rest.substr(0, end);
      if (end == std::string_view::npos) return;
      rest.remove_prefix(end + 1);
      out_ += '\n';
      bool blank = rest.empty() || rest[0] == '\n';
      if (!blank) out_.append(indent, ' ');
    }
  }

  void behind(std::string_view comment) {
    if (!comment.empty()) out_.append(" ").append(comment);
  }
  void behind(Position at) {
    auto found = layout_.behind_.find(at);
    if (at.line != 0 && found != layout_.behind_.end()) behind(found->second);
  }

  bool is_flow(const Value& value, bool inside) const {
    if (value.is_scalar()) return false;
    return inside || value.empty() || (value.at().line != 0 && layout_.brackets_.contains(value.at()));
  }

  static const Comments& comments_at(const std::map<Position, Comments>& all, Position at) {
    static const Comments kNone;
    auto found = all.find(at);
    return at.line == 0 || found == all.end() ? kNone : found->second;
  }

  // A value whose first line is begun. What follows it is indented by `indent`.
  void node(const Value& value, std::size_t indent, bool goes_on) {
    if (value.is_scalar()) {
      scalar(value, indent, false);
      behind(value.at());
    } else if (is_flow(value, false)) {
      flow(value);
      behind(value.at());
    } else if (value.is_map()) {
      map(value, indent, goes_on);
    } else {
      list(value, indent, goes_on);
    }
  }

  // `goes_on`: the first member stands on a line that is begun, behind a list's "- ".
  void map(const Value& value, std::size_t indent, bool goes_on) {
    for (const Member& member : value.members()) {
      const Comments& comments = comments_at(layout_.keys_, member.key_at);
      if (!goes_on) {
        if (!comments.head.empty()) comment(comments.head, indent);
        begin_line(indent);
      }
      goes_on = false;
      key(member, false);
      out_ += ':';
      behind(comments.line);
      member_value(member.value, indent);
      foot(comments, indent);
    }
  }

  void member_value(const Value& value, std::size_t indent) {
    bool block = !value.is_scalar() && !is_flow(value, false);
    bool absent = value.is_scalar() && !value.quoted() && value.string_or_empty().empty();
    if (!block && !absent) out_ += ' ';
    // Lists begin right under their key.
    node(value, value.is_list() ? indent : indent + kYamlIndent, false);
  }

  void list(const Value& value, std::size_t indent, bool goes_on) {
    for (const Value& element : value.items()) {
      const Comments& comments = comments_at(layout_.elements_, element.at());
      if (!goes_on) {
        if (!comments.head.empty()) comment(comments.head, indent);
        begin_line(indent);
      }
      goes_on = false;
      out_ += "- ";
      node(element, indent + kYamlIndent, true);
      foot(comments, indent);
    }
  }

  void foot(const Comments& comments, std::size_t indent) {
    if (comments.foot.empty()) return;
    comment(comments.foot, indent);
    foot_indent_ = indent;
  }

  void flow(const Value& value) {
    if (value.is_scalar()) return scalar(value, 0, true);
    out_ += value.is_map() ? '{' : '[';
    std::string_view separator;
    for (const Member& member : value.members()) {
      out_ += separator;
      key(member, true);
      out_ += ": ";
      flow(member.value);
      separator = ", ";
    }
    for (const Value& item : value.items()) {
      out_ += separator;
      flow(item);
      separator = ", ";
    }
    out_ += value.is_map() ? '}' : ']';
  }

  void key(const Member& member, bool flow) {
    append_yaml_string(out_, member.key, style_of(scalar_at(member.key_at), false, member.key), 0, flow);
  }

  void scalar(const Value& value, std::size_t indent, bool flow) {
    std::string_view text = value.string_or_empty();
    const YamlLayout::Scalar* was = scalar_at(value.at());
    if (was != nullptr && was->style == YamlStyle::kPlain && !value.quoted() && was->text != text)
      out_ += tag_of_other(was->text, text);
    append_yaml_string(out_, text, style_of(was, value.quoted(), text), indent, flow);
  }

  const YamlLayout::Scalar* scalar_at(Position at) const {
    auto found = layout_.scalars_.find(at);
    return at.line == 0 || found == layout_.scalars_.end() ? nullptr : &found->second;
  }

  // What stood without quotes takes some where its text would be read as something else.
  static YamlStyle style_of(const YamlLayout::Scalar* was, bool quoted, std::string_view text) {
    if (was != nullptr && was->style != YamlStyle::kPlain) return was->style;
    if (text.find('\n') != std::string_view::npos) return YamlStyle::kLiteral;
    return quoted ? YamlStyle::kDouble : YamlStyle::kPlain;
  }

  // A value stays what it was by name where its new text is read as something else.
  static std::string_view tag_of_other(std::string_view before, std::string_view now) {
    Arena scratch;
    Kind kind = resolve_plain(scratch, before, YamlSchema::kKubernetes).kind();
    if (kind == resolve_plain(scratch, now, YamlSchema::kKubernetes).kind()) return {};
    switch (kind) {
      case Kind::kNull:
        return "!!null ";
      case Kind::kBool:
        return "!!bool ";
      case Kind::kInt:
      case Kind::kUint:
        return "!!int ";
      case Kind::kFloat:
        return "!!float ";
      case Kind::kString:
      case Kind::kList:
      case Kind::kMap:
        break;
    }
    return {};
  }

  const YamlLayout& layout_;
  std::string out_;
  std::optional<std::size_t> foot_indent_;  // of a comment that was printed last
};

std::string YamlLayout::render(const Value& document) const { return LayoutPrinter(*this).print(document); }

}  // namespace pawl::format

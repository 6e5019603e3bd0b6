#pragma once

#include <string>
#include <string_view>

#include "format/codec.h"

namespace pawl::model {

// A question as it travels to somebody who has nothing but a key: a file with its `type` and its fields beside it.

struct QuestionFile {
  std::string_view type;   // "https://pawl.dev/approval-request/v1"
  std::string_view named;  // "approval request"
  std::string_view made;   // the command that makes one
};

template <class Question>
struct TypedQuestion {
  std::string type;
  Question question;
};
template <class V, class Question>
void fields(V& v, TypedQuestion<Question>& x) {
  v("type", x.type);
  fields(v, x.question);
}

// JSON, indented for the eye.
template <class Question>
std::string encode_question(const QuestionFile& file, const Question& question) {
  TypedQuestion<Question> typed{std::string(file.type), question};
  format::Arena arena;
  format::Encoder encoder(arena);
  fields(encoder, typed);
  return format::render_json_pretty(encoder.take());
}

// Errors: kInvalid for another type or other fields.
template <class Question>
Result<Question> decode_question(const QuestionFile& file, std::string bytes) {
  std::string doing = "reading an " + std::string(file.named);
  format::Arena arena;
  PAWL_ASSIGN_WITHIN(format::Value value, format::parse_json(arena, std::move(bytes)), doing);
  if (value.string_at("type") != file.type)
    return Error(ErrorCode::kInvalid, "it is no " + std::string(file.named), std::string(file.made));
  TypedQuestion<Question> typed{"", format::Blank<Question>::make()};
  format::Decoder decoder(value);
  fields(decoder, typed);
  PAWL_TRY_WITHIN(decoder.finish(), doing);
  return std::move(typed.question);
}

}  // namespace pawl::model

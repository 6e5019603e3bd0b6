#include "core/model/exception.h"

#include "core/model/exception_codec.h"
#include "core/model/question_file.h"

namespace pawl::model {

namespace {

template <class V>
void fields(V& v, ExceptionAnswer& x) {
  v("comment", x.comment);
  v("exception", x.exception);
  v("given", x.given);
  v("verdict", x.verdict);
}

constexpr QuestionFile kRequestFile{kExceptionRequestType, "exception request", "pawl exception list NUMBER --export"};

}  // namespace

std::string encode_exception(const PolicyException& exception) { return format::to_canonical(exception); }

Result<PolicyException> decode_exception(std::string bytes) {
  return format::from_json<PolicyException>(std::move(bytes));
}

std::string encode_request(const PolicyException& exception) { return encode_question(kRequestFile, exception); }

Result<PolicyException> decode_exception_request(std::string bytes) {
  return decode_question<PolicyException>(kRequestFile, std::move(bytes));
}

Statement statement_of(const ExceptionAnswer& answer) {
  Statement out{.predicate_type = std::string(kExceptionPredicate)};
  out.subjects.push_back(
      {"exception " + std::to_string(answer.exception.number), crypto::sha256(encode_exception(answer.exception))});
  format::Encoder encoder(*out.predicate.arena);
  fields(encoder, const_cast<ExceptionAnswer&>(answer));  // an encoder only reads
  out.predicate.root = encoder.take();
  return out;
}

Result<ExceptionAnswer> exception_answer_of(const Statement& statement) {
  if (statement.predicate_type != kExceptionPredicate)
    return Error(ErrorCode::kInvalid, "it is no word about an exception but a statement of type \"" +
                                          statement.predicate_type.substr(0, 80) + "\"");
  ExceptionAnswer out;
  format::Decoder decoder(statement.predicate.root);
  fields(decoder, out);
  PAWL_TRY_WITHIN(decoder.finish(), "reading a word about an exception");
  bool about =
      statement.subjects.size() == 1 && statement.subjects[0].digest == crypto::sha256(encode_exception(out.exception));
  if (!about) return Error(ErrorCode::kInvalid, "a word about an exception whose subject is another document");
  return out;
}

}  // namespace pawl::model

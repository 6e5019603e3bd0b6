#include "core/model/callout.h"

#include <charconv>

#include "base/encoding.h"
#include "crypto/hmac.h"
#include "format/codec.h"

namespace pawl::model {

std::string_view name_of(CalloutWord word) {
  switch (word) {
    case CalloutWord::kPassed:
      return "passed";
    case CalloutWord::kFailed:
      return "failed";
    case CalloutWord::kWaiting:
      return "waiting";
  }
  return "";
}

}  // namespace pawl::model

namespace pawl::format {

template <>
struct EnumValues<model::CalloutWord> {
  static constexpr std::array kAll = {model::CalloutWord::kPassed, model::CalloutWord::kFailed,
                                      model::CalloutWord::kWaiting};
};

}  // namespace pawl::format

namespace pawl::model {

namespace {

template <class V>
void fields(V& v, CalloutQuestion& x) {
  v("bundle", x.bundle);
  v("environment", x.environment);
  v("plan", x.plan);
  v("project", x.project);
  v("promotion", x.promotion);
  v("release", x.release);
  v("requester", x.requester);
  v("time", x.time);
}
template <class V>
void fields(V& v, CalloutAnswer& x) {
  v("answer", x.answer);
  v("reason", x.reason);
  v("until", x.until);
}

struct Header {
  std::string_view time;
  std::string_view mac;
};

std::optional<Header> read_header(std::string_view text) {
  std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || !text.starts_with("t=")) return std::nullopt;
  Header out{text.substr(2, comma - 2), text.substr(comma + 1)};
  if (!out.mac.starts_with("v1=")) return std::nullopt;
  out.mac.remove_prefix(3);
  return out;
}

std::string header_of(std::string_view secret, const std::string& time, const std::string& signed_text) {
  return "t=" + time + ",v1=" + to_hex(crypto::hmac_sha256(secret, time + "." + signed_text));
}

std::int64_t seconds_of(Time at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

std::string answer_text(std::string_view question_header, std::string_view body) {
  std::optional<Header> question = read_header(question_header);
  return std::string(question ? question->mac : std::string_view()) + "." + std::string(body);
}

}  // namespace

std::string encode_question(const CalloutQuestion& question) {
  format::Arena arena;
  format::Encoder encoder(arena);
  fields(encoder, const_cast<CalloutQuestion&>(question));  // an encoder only reads
  return format::canonical_json(encoder.take()).value();
}

Result<CalloutAnswer> decode_answer(std::string bytes) {
  constexpr std::size_t kLongestReason = 1000;
  CalloutAnswer out;
  format::Arena arena;
  PAWL_ASSIGN(format::Value value, format::parse_json(arena, std::move(bytes), {.max_bytes = kCalloutBytes}));
  format::Decoder decoder(value);
  fields(decoder, out);
  PAWL_TRY(decoder.finish());
  if (out.reason.size() > kLongestReason) return Error(ErrorCode::kInvalid, "a reason of more than 1000 bytes");
  return out;
}

std::string sign_question(std::string_view secret, Time at, std::string_view body) {
  return header_of(secret, std::to_string(seconds_of(at)), std::string(body));
}

std::string sign_answer(std::string_view secret, Time at, std::string_view question_header, std::string_view body) {
  return header_of(secret, std::to_string(seconds_of(at)), answer_text(question_header, body));
}

Status check_answer(std::string_view secret, Time now, std::string_view question_header, std::string_view header,
                    std::string_view body) {
  constexpr std::int64_t kPatience = 300;
  std::optional<Header> read = read_header(header);
  if (!read) return Error(ErrorCode::kIntegrity, "the answer is not signed");
  std::string expected = header_of(secret, std::string(read->time), answer_text(question_header, body));
  if (!crypto::equal_in_constant_time(expected, header))
    return Error(ErrorCode::kIntegrity, "the answer's signature does not verify",
                 "both sides need the same secret; the answer's HMAC is over \"t.v1-of-the-question.body\"");
  std::int64_t at = 0;
  auto [end, error] = std::from_chars(read->time.data(), read->time.data() + read->time.size(), at);
  bool number = error == std::errc() && end == read->time.data() + read->time.size();
  if (number && at >= seconds_of(now) - kPatience && at <= seconds_of(now) + kPatience) return {};
  return Error(ErrorCode::kIntegrity, "the answer was signed more than five minutes from now");
}

}  // namespace pawl::model

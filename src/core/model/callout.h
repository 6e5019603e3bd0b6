#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace pawl::model {

// What another system is asked about a promotion, and what it says. Both are signed with a secret that both have, in
// the header Pawl-Signature: "t=UNIX-SECONDS,v1=HEX", an HMAC-SHA256.

inline constexpr std::string_view kCalloutHeader = "Pawl-Signature";
inline constexpr std::size_t kCalloutBytes = 64u << 10;  // of an answer

struct CalloutQuestion {
  std::string project;
  std::string environment;
  std::uint64_t promotion = 0;  // 0: nobody asked for it yet
  std::string release;
  std::string bundle;
  std::string plan;
  std::string requester;
  std::string time;
  bool operator==(const CalloutQuestion&) const = default;
};
std::string encode_question(const CalloutQuestion& question);  // canonical JSON

enum class CalloutWord : std::uint8_t { kPassed, kFailed, kWaiting };
std::string_view name_of(CalloutWord word);
struct CalloutAnswer {
  CalloutWord answer = CalloutWord::kFailed;
  std::string reason;
  std::optional<Time> until;  // of a waiting one: when it may change
  bool operator==(const CalloutAnswer&) const = default;
};
// Errors: kInvalid for anything but {answer, reason, until?}, and for a reason of more than 1000 bytes.
Result<CalloutAnswer> decode_answer(std::string bytes);

// The header of a question: the HMAC is over "t.body".
std::string sign_question(std::string_view secret, Time at, std::string_view body);
// The header of an answer: the HMAC is over "t.v1-of-the-question.body", so that no answer serves another question.
std::string sign_answer(std::string_view secret, Time at, std::string_view question_header, std::string_view body);
// Whether `header` is an answer's to that question, made within five minutes of `now`. Errors: kIntegrity.
Status check_answer(std::string_view secret, Time now, std::string_view question_header, std::string_view header,
                    std::string_view body);

}  // namespace pawl::model

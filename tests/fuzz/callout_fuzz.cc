#include "core/model/callout.h"
#include "tests/fuzz/fuzz.h"

// What another system answers, and the header that it signs with.

namespace pawl {
namespace {

void run(const std::string& text) {
  Result<model::CalloutAnswer> answer = model::decode_answer(text);
  if (answer) check(answer->reason.size() <= 1000, "a reason has bounds");
  const Time now = parse_time("2026-01-05T10:00:00Z").value();
  std::string question = model::sign_question("secret", now, "question");
  check(!model::check_answer("secret", now, question, text, text).ok(), "nobody guesses a signature");
  std::string header = model::sign_answer("secret", now, question, text);
  check(model::check_answer("secret", now, question, header, text).ok(), "what was signed verifies");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}

#include "engine/answers.h"

namespace pawl::engine {

using model::ApprovalVerdict;

Status check_one_way(const AnswerTo& to, const QuestionWords& words) {
  int ways = (to.question.empty() ? 0 : 1) + (to.request.empty() ? 0 : 1) + (to.imported.empty() ? 0 : 1);
  if (ways == 1) return {};
  return Error(ErrorCode::kUsage,
               ways == 0 ? "which " + std::string(words.noun) + " is it about?"
                         : std::string(words.one) + ", --request or --import: one",
               std::string(words.list));
}

Status check_comment(const Answer& answer, const AnswerTo& to) {
  bool silent = answer.verdict == ApprovalVerdict::kRejected && answer.comment.empty() && to.imported.empty();
  if (silent) return Error(ErrorCode::kUsage, "a rejection says why", "--comment \"...\"");
  return {};
}

Status check_verdict(ApprovalVerdict said, const Answer& answer, const QuestionWords& words) {
  if (said == answer.verdict) return {};
  std::string_view verb = said == ApprovalVerdict::kApproved ? words.approve : words.reject;
  return Error(ErrorCode::kUsage, "it says " + std::string(name_of(said)), std::string(verb) + " --import");
}

std::string would_not_count(const model::PersonName& person, ApprovalVerdict verdict, const std::string& question,
                            std::string_view flaw, std::string_view words) {
  std::string word = verdict == ApprovalVerdict::kApproved ? "approval" : "rejection";
  return person.str() + "'s " + word + " of " + question + " would not count (" + std::string(flaw) +
         "): " + std::string(words);
}

Result<PersonsStatement> read_answer(const model::Configuration& configuration, const std::string& record,
                                     const QuestionWords& words) {
  Result<PersonsStatement> read = read_persons_statement(configuration, record);
  if (read) return read;
  if (read.error().code == ErrorCode::kInvalid && read.error().hint.empty())
    read.error().hint = std::string(words.approve) + " --request FILE prints what can be brought";
  if (read.error().code != ErrorCode::kIntegrity) return read;
  return Error(ErrorCode::kDenied, "it is signed by nobody whom the configuration knows",
               "their public key goes under people: in pawl.yaml");
}

}  // namespace pawl::engine

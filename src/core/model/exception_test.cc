#include "core/model/exception.h"

#include <gtest/gtest.h>

namespace pawl::model {
namespace {

PolicyException example() {
  return {.ledger = "log+1+key",
          .project = ProjectName("shop"),
          .number = 3,
          .environment = EnvironmentName("production"),
          .policy = "replicas",
          .rule = 1,
          .object = "shop/Deployment/web",
          .bundle = crypto::sha256("bundle"),
          .reason = "black friday",
          .ticket = "OPS-12",
          .requester = "ada",
          .expires = parse_time("2026-01-05T10:00:00Z").value()};
}

TEST(Exception, AWordGoesThroughAStatement) {
  ExceptionAnswer answer{example(), ApprovalVerdict::kApproved, "so be it", example().expires};
  EXPECT_EQ(exception_answer_of(statement_of(answer)).value(), answer);
  answer.exception.rule.reset();
  answer.exception.bundle.reset();
  EXPECT_EQ(exception_answer_of(decode_statement(encode_statement(statement_of(answer))).value()).value(), answer);
}

TEST(Exception, S3_AWordWhoseSubjectIsAnotherDocumentThanItHoldsIsRefused) {
  ExceptionAnswer answer{example(), ApprovalVerdict::kApproved, "", example().expires};
  Statement statement = statement_of(answer);
  statement.subjects[0].digest = crypto::sha256("another");
  EXPECT_EQ(exception_answer_of(statement).error().code, ErrorCode::kInvalid);
  statement = statement_of(answer);
  statement.predicate_type = kApprovalPredicate;
  EXPECT_FALSE(exception_answer_of(statement).ok()) << "an approval is no word about an exception";
}

TEST(ExceptionRequest, GoesThroughAFileAndRefusesWhatItDoesNotKnow) {
  std::string bytes = encode_request(example());
  EXPECT_EQ(decode_exception_request(bytes).value(), example());
  std::string more = bytes;
  more.insert(1, "\"zzz\": 1,");
  EXPECT_FALSE(decode_exception_request(more).ok());
  EXPECT_FALSE(decode_exception_request("{}").ok());
  EXPECT_FALSE(decode_exception_request(bytes.substr(0, bytes.size() / 2)).ok());
}

TEST(ExceptionRequest, NoneIsTakenForAnApprovalsNorTheOtherWayRound) {
  EXPECT_EQ(decode_request(encode_request(example())).error().message, "it is no approval request");
  ApprovalRequest other{
      {"log+1+key", ProjectName("shop"), EnvironmentName("dev"), 3, crypto::sha256("b"), crypto::sha256("p")},
      "",
      "",
      "",
      ""};
  Error refused = decode_exception_request(encode_request(other)).error();
  EXPECT_EQ(refused.message, "it is no exception request");
  EXPECT_EQ(refused.hint, "pawl exception list NUMBER --export");
}

}  // namespace
}  // namespace pawl::model

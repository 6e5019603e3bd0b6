#include "core/model/approval.h"

#include <gtest/gtest.h>

namespace pawl::model {
namespace {

Approval example() {
  return {.subject = {"log+1+key", ProjectName("shop"), EnvironmentName("production"), 42, crypto::sha256("bundle"),
                      crypto::sha256("plan")},
          .verdict = ApprovalVerdict::kApproved,
          .comment = "looked at it",
          .given = parse_time("2026-01-05T10:00:00Z").value(),
          .expires = parse_time("2026-01-06T10:00:00Z").value()};
}

TEST(Approval, GoesThroughAStatement) {
  Approval approval = example();
  EXPECT_EQ(approval_of(statement_of(approval)).value(), approval);
  approval.expires.reset();
  EXPECT_EQ(approval_of(decode_statement(encode_statement(statement_of(approval))).value()).value(), approval);
}

TEST(Approval, S3_OneWhoseSubjectIsAnotherBundleThanItNamesIsRefused) {
  Statement statement = statement_of(example());
  statement.subjects[0].digest = crypto::sha256("another");
  EXPECT_EQ(approval_of(statement).error().code, ErrorCode::kInvalid);
  statement = statement_of(example());
  statement.subjects.push_back({"dev", crypto::sha256("another")});
  EXPECT_FALSE(approval_of(statement).ok()) << "one subject";
  statement = statement_of(example());
  statement.predicate_type = kRequestPredicate;
  EXPECT_FALSE(approval_of(statement).ok()) << "a request to promote is no approval";
}

TEST(ApprovalRequest, GoesThroughAFileAndRefusesWhatItDoesNotKnow) {
  ApprovalRequest request{example().subject, "1.4.0", "1.3.2", "ada", "friday release"};
  std::string bytes = encode_request(request);
  EXPECT_EQ(decode_request(bytes).value(), request);
  std::string more = bytes;
  more.insert(1, "\"zzz\": 1,");
  EXPECT_FALSE(decode_request(more).ok());
  EXPECT_FALSE(decode_request("{}").ok());
}

}  // namespace
}  // namespace pawl::model

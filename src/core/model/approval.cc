#include "core/model/approval.h"

#include "core/model/approval_codec.h"
#include "core/model/question_file.h"

namespace pawl::format {

template <>
struct Blank<model::ApprovalSubject> {
  static model::ApprovalSubject make() {
    return {.bundle = Blank<crypto::Digest>::make(), .plan = Blank<crypto::Digest>::make()};
  }
};
template <>
struct Blank<model::Approval> {
  static model::Approval make() { return {.subject = Blank<model::ApprovalSubject>::make()}; }
};
template <>
struct Blank<model::ApprovalRequest> {
  static model::ApprovalRequest make() { return {.subject = Blank<model::ApprovalSubject>::make()}; }
};

}  // namespace pawl::format

namespace pawl::model {

std::string_view name_of(ApprovalVerdict verdict) {
  return verdict == ApprovalVerdict::kApproved ? "approved" : "rejected";
}

template <class V>
void fields(V& v, ApprovalSubject& x) {
  v("ledger", x.ledger);
  v("project", x.project);
  v("environment", x.environment);
  v("promotion", x.promotion);
  v("bundle", x.bundle);
  v("plan", x.plan);
}
template <class V>
void fields(V& v, ApprovalRequest& x) {
  fields(v, x.subject);
  v("release", x.release);
  v("from", x.from);
  v("requester", x.requester);
  v("reason", x.reason);
}

namespace {

template <class V>
void fields(V& v, Approval& x) {
  fields(v, x.subject);
  v("verdict", x.verdict);
  v("comment", x.comment);
  v("given", x.given);
  v("expires", x.expires);
}

constexpr QuestionFile kRequestFile{kApprovalRequestType, "approval request", "pawl approvals NUMBER --export"};

}  // namespace

Statement statement_of(const Approval& approval) {
  Statement out{.predicate_type = std::string(kApprovalPredicate)};
  out.subjects.push_back({approval.subject.environment.str(), approval.subject.bundle});
  format::Encoder encoder(*out.predicate.arena);
  fields(encoder, const_cast<Approval&>(approval));  // an encoder only reads
  out.predicate.root = encoder.take();
  return out;
}

Result<Approval> approval_of(const Statement& statement) {
  if (statement.predicate_type != kApprovalPredicate)
    return Error(ErrorCode::kInvalid,
                 "it is no approval but a statement of type \"" + statement.predicate_type.substr(0, 80) + "\"");
  Approval out = format::Blank<Approval>::make();
  format::Decoder decoder(statement.predicate.root);
  fields(decoder, out);
  PAWL_TRY_WITHIN(decoder.finish(), "reading an approval");
  bool about = statement.subjects.size() == 1 && statement.subjects[0].digest == out.subject.bundle;
  if (!about) return Error(ErrorCode::kInvalid, "an approval whose subject is not the bundle that it names");
  return out;
}

std::string encode_request(const ApprovalRequest& request) { return encode_question(kRequestFile, request); }

Result<ApprovalRequest> decode_request(std::string bytes) {
  return decode_question<ApprovalRequest>(kRequestFile, std::move(bytes));
}

}  // namespace pawl::model

#include "core/model/approval.h"

#include "core/model/approval_codec.h"

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

namespace {

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
void fields(V& v, Approval& x) {
  fields(v, x.subject);
  v("verdict", x.verdict);
  v("comment", x.comment);
  v("given", x.given);
  v("expires", x.expires);
}

struct TypedRequest {
  std::string type;
  ApprovalRequest request;
};
template <class V>
void fields(V& v, TypedRequest& x) {
  v("type", x.type);
  fields(v, x.request.subject);
  v("release", x.request.release);
  v("from", x.request.from);
  v("requester", x.request.requester);
  v("reason", x.request.reason);
}

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

std::string encode_request(const ApprovalRequest& request) {
  TypedRequest typed{std::string(kApprovalRequestType), request};
  format::Arena arena;
  format::Encoder encoder(arena);
  fields(encoder, typed);
  return format::render_json_pretty(encoder.take());
}

Result<ApprovalRequest> decode_request(std::string bytes) {
  format::Arena arena;
  PAWL_ASSIGN_WITHIN(format::Value value, format::parse_json(arena, std::move(bytes)), "reading an approval request");
  if (value.string_at("type") != kApprovalRequestType)
    return Error(ErrorCode::kInvalid, "it is no approval request", "pawl approvals NUMBER --export");
  TypedRequest typed{"", format::Blank<ApprovalRequest>::make()};
  format::Decoder decoder(value);
  fields(decoder, typed);
  PAWL_TRY_WITHIN(decoder.finish(), "reading an approval request");
  return std::move(typed.request);
}

}  // namespace pawl::model

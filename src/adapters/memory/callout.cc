#include "adapters/memory/callout.h"

namespace pawl::memory {

void Callout::set_secret(const std::string& name, std::string ours, std::string theirs) {
  std::lock_guard lock(mutex_);
  secrets_[name] = {std::move(ours), std::move(theirs)};
}

void Callout::answer(std::function<std::string(const std::string& body)> how) {
  std::lock_guard lock(mutex_);
  how_ = std::move(how);
}

std::vector<std::string> Callout::bodies() const {
  std::lock_guard lock(mutex_);
  return bodies_;
}

Result<ports::CalloutReply> Callout::ask(const Context& context, const ports::CalloutRequest& request) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(memory::ask(fault_, "callout.ask"));
  std::lock_guard lock(mutex_);
  const std::string& name = request.secret.file.empty() ? request.secret.environment : request.secret.file;
  auto secret = secrets_.find(name);
  if (secret == secrets_.end()) return Error(ErrorCode::kNotFound, name + " is not set, and it is to hold the secret");
  bodies_.push_back(request.body);
  std::string body = how_ ? how_(request.body) : "";
  if (body.empty()) return Error(ErrorCode::kUnavailable, request.url + " does not answer");
  if (body.size() > model::kCalloutBytes) return Error(ErrorCode::kInvalid, request.url + " answers with too much");
  std::string header = model::sign_question(secret->second.ours, request.now, request.body);
  std::string signature = model::sign_answer(secret->second.theirs, request.now, header, body);
  PAWL_TRY(model::check_answer(secret->second.ours, request.now, header, signature, body));
  return ports::CalloutReply{std::move(body), std::move(signature)};
}

}  // namespace pawl::memory

#include "adapters/callout/callout.h"

#include "base/text.h"
#include "format/url.h"
#include "os/file.h"
#include "os/patient_http.h"
#include "os/permissions.h"
#include "os/system.h"

namespace pawl::callout {

namespace {

constexpr std::size_t kShortestSecret = 16;
constexpr std::size_t kLongestSecret = 4096;
constexpr unsigned kOthers = 0007;

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

class HttpCallout final : public ports::Callout {
 public:
  explicit HttpCallout(std::string root) : root_(std::move(root)) {}

  Result<ports::CalloutReply> ask(const Context& context, const ports::CalloutRequest& request) override {
    PAWL_TRY(check_url(request.url));
    PAWL_ASSIGN(std::string secret, read_secret(request.secret));
    std::string header = model::sign_question(secret, request.now, request.body);
    PAWL_ASSIGN(os::HttpResponse response, send(context, request, header));
    std::string signature(response.header("pawl-signature"));
    PAWL_TRY(model::check_answer(secret, request.now, header, signature, response.body));
    return ports::CalloutReply{std::move(response.body), std::move(signature)};
  }

 private:
  // The configuration was checked when it was written; what is dialled is checked here.
  static Status check_url(const std::string& text) {
    std::optional<format::Url> url = format::parse_url(text);
    if (url && format::is_private(*url)) return {};
    return Error(ErrorCode::kDenied, "what is asked must be an https:// URL");
  }

  Result<std::string> read_secret(const model::SecretSource& from) const {
    std::string where = from.file.empty() ? "the variable " + from.environment : from.file;
    std::string secret;
    if (from.file.empty()) {
      std::optional<std::string> value = os::environment(from.environment.c_str());
      if (!value) return Error(ErrorCode::kNotFound, where + " is not set, and it is to hold the secret");
      secret = std::move(*value);
    } else {
      std::string path = from.file.starts_with('/') ? from.file : os::join_path(root_, from.file);
      PAWL_ASSIGN(unsigned mode, os::permissions(path));
      if ((mode & kOthers) != 0)
        return Error(ErrorCode::kDenied, where + " holds a secret, but others may read it", "chmod o-rwx " + where);
      PAWL_ASSIGN(secret, os::read_file(path, kLongestSecret));
    }
    secret = without_line_end(std::move(secret));
    if (secret.size() >= kShortestSecret && secret.size() <= kLongestSecret) return secret;
    return Error(ErrorCode::kInvalid, "the secret of " + where + " is shorter than 16 bytes", "openssl rand -hex 32");
  }

  Result<os::HttpResponse> send(const Context& context, const ports::CalloutRequest& request,
                                const std::string& header) {
    os::HttpRequest out{.method = "POST", .url = request.url, .body = request.body, .max_bytes = model::kCalloutBytes};
    out.headers = {{"Content-Type", "application/json"}, {std::string(model::kCalloutHeader), header}};
    os::PatientHttp::Patience patience{static_cast<int>(request.retries) + 1, request.timeout};
    Context bounded = context.within(request.timeout * patience.tries);
    PAWL_ASSIGN(os::HttpResponse response, http_.send(bounded, out, patience));
    if (response.status == 200) return response;
    return Error(ErrorCode::kInvalid,
                 format::parse_url(request.url)->host + " answers " + std::to_string(response.status));
  }

  std::string root_;
  os::PatientHttp http_;
};

}  // namespace

std::shared_ptr<ports::Callout> make_callout(std::string root) {
  return std::make_shared<HttpCallout>(std::move(root));
}

}  // namespace pawl::callout

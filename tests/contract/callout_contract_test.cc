#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "adapters/callout/callout.h"
#include "adapters/memory/callout.h"
#include "tests/support/http_server.h"

namespace pawl {
namespace {

using testing_support::HttpServer;
using testing_support::Reply;
using testing_support::ServedRequest;

constexpr const char* kVariable = "PAWL_TEST_CALLOUT_SECRET";
constexpr const char* kSecret = "a secret of 16 bytes and more";
constexpr const char* kAnswer = R"({"answer":"passed","reason":"CHG-1"})";
const Time kNow = parse_time("2026-01-05T10:00:00Z").value();

// The other side: what it answers, and the secret that it signs with. "" is no answer at all.
struct Other {
  std::string secret = kSecret;
  std::string answer = kAnswer;
};

class Under {
 public:
  virtual ~Under() = default;
  virtual void be(const Other& other) = 0;
  virtual std::string url() const { return "https://change.example.com/check"; }
  virtual ports::Callout& callout() = 0;
};

class InMemory final : public Under {
 public:
  InMemory() { be({}); }
  void be(const Other& other) override {
    callout_.set_secret(kVariable, kSecret, other.secret);
    callout_.answer([answer = other.answer](const std::string&) { return answer; });
  }
  ports::Callout& callout() override { return callout_; }

 private:
  memory::Callout callout_;
};

class OverHttp final : public Under {
 public:
  OverHttp() : server_([this](const ServedRequest& request) { return reply(request); }) {
    ::setenv(kVariable, kSecret, 1);
    callout_ = callout::make_callout("/nonexistent");
  }
  void be(const Other& other) override { other_ = other; }
  std::string url() const override { return server_.url() + "/check"; }
  ports::Callout& callout() override { return *callout_; }

 private:
  Reply reply(const ServedRequest& request) {
    if (other_.answer.empty()) return {.reset = true};
    const std::string& header = request.headers.at("pawl-signature");
    bool signed_well = header == model::sign_question(kSecret, kNow, request.body);
    if (!signed_well || request.method != "POST") return {.status = 403};
    return {.headers = {{"Pawl-Signature", model::sign_answer(other_.secret, kNow, header, other_.answer)}},
            .body = other_.answer};
  }

  Other other_;
  HttpServer server_;
  std::shared_ptr<ports::Callout> callout_;
};

class CalloutContract : public testing::TestWithParam<const char*> {
 protected:
  CalloutContract() {
    if (std::string_view(GetParam()) == "memory")
      under_ = std::make_unique<InMemory>();
    else
      under_ = std::make_unique<OverHttp>();
  }

  Result<ports::CalloutReply> ask(const Context& context = {}, const std::string& variable = kVariable) {
    return under_->callout().ask(context,
                                 {under_->url(), {"", variable}, "the question", kNow, std::chrono::seconds(5), 0});
  }

  std::unique_ptr<Under> under_;
};

TEST_P(CalloutContract, GivesOutWhatTheOtherSideSigned) {
  Result<ports::CalloutReply> reply = ask();
  ASSERT_TRUE(reply.ok()) << reply.error().text();
  EXPECT_EQ(reply->body, kAnswer);
  std::string header = model::sign_question(kSecret, kNow, "the question");
  EXPECT_TRUE(model::check_answer(kSecret, kNow, header, reply->signature, reply->body).ok());
}

TEST_P(CalloutContract, S7_WhatAnotherSecretSignedIsNoAnswer) {
  under_->be({.secret = "a secret of somebody else's"});
  EXPECT_EQ(ask().error().code, ErrorCode::kIntegrity);
}

TEST_P(CalloutContract, NoAnswerIsUnavailableAndTooMuchIsInvalid) {
  under_->be({.answer = ""});
  EXPECT_EQ(ask().error().code, ErrorCode::kUnavailable);
  under_->be({.answer = std::string(model::kCalloutBytes + 1, 'x')});
  EXPECT_EQ(ask().error().code, ErrorCode::kInvalid);
}

TEST_P(CalloutContract, C1_WithoutASecretNothingIsAskedAndNoErrorQuotesOne) {
  EXPECT_EQ(ask({}, "PAWL_TEST_NO_SUCH_SECRET").error().code, ErrorCode::kNotFound);
  under_->be({.secret = "a secret of somebody else's"});
  EXPECT_EQ(ask().error().text().find(kSecret), std::string::npos);
}

TEST_P(CalloutContract, AStopEndsIt) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(ask({.stop = stop.get_token()}).error().code, ErrorCode::kInterrupted);
}

INSTANTIATE_TEST_SUITE_P(Adapters, CalloutContract, testing::Values("memory", "http"),
                         [](const auto& one) { return std::string(one.param); });

TEST(HttpCallout, X6_OnlyTlsOrThisMachineIsDialled) {
  auto callout = callout::make_callout("/nonexistent");
  ::setenv(kVariable, kSecret, 1);
  for (const char* url : {"http://change.example.com/", "http://10.0.0.1/", "http://127.0.0.1.evil.example/",
                          "file:///etc/passwd", "gopher://127.0.0.1/", "https://user@change.example.com/"}) {
    Result<ports::CalloutReply> reply =
        callout->ask(Context{}, {url, {"", kVariable}, "x", kNow, std::chrono::seconds(1), 0});
    EXPECT_EQ(reply.error().code, ErrorCode::kDenied) << url;
  }
}

TEST(CalloutSignature, OneAnswerServesOneQuestionForFiveMinutes) {
  std::string question = model::sign_question(kSecret, kNow, "this one");
  std::string header = model::sign_answer(kSecret, kNow, question, kAnswer);
  EXPECT_TRUE(model::check_answer(kSecret, kNow + std::chrono::minutes(5), question, header, kAnswer).ok());
  EXPECT_FALSE(model::check_answer(kSecret, kNow + std::chrono::seconds(301), question, header, kAnswer).ok());
  EXPECT_FALSE(model::check_answer(kSecret, kNow - std::chrono::seconds(301), question, header, kAnswer).ok());
  std::string other = model::sign_question(kSecret, kNow, "another one");
  EXPECT_FALSE(model::check_answer(kSecret, kNow, other, header, kAnswer).ok()) << "no answer is used twice";
  EXPECT_FALSE(model::check_answer(kSecret, kNow, question, question, "this one").ok()) << "a question is no answer";
  for (const char* bad : {"", "t=1", "v1=00,t=1", "t=,v1="})
    EXPECT_FALSE(model::check_answer(kSecret, kNow, question, bad, kAnswer).ok()) << bad;
}

}  // namespace
}  // namespace pawl

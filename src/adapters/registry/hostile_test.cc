// What a hostile or a broken registry can send, row by row.
#include <gtest/gtest.h>

#include "adapters/registry/challenge.h"
#include "adapters/registry/sources.h"
#include "adapters/registry/url.h"
#include "base/encoding.h"
#include "os/file.h"
#include "tests/support/http_server.h"

namespace pawl::registry {
namespace {

using testing_support::HttpServer;
using testing_support::Reply;
using testing_support::ServedRequest;

constexpr std::string_view kOciManifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kOciIndex = "application/vnd.oci.image.index.v1+json";

std::string manifest_bytes(const std::string& salt = "") {
  return "{\"schemaVersion\":2,\"mediaType\":\"" + std::string(kOciManifest) +
         "\",\"config\":{\"mediaType\":\"x\",\"digest\":\"" + crypto::sha256("c" + salt).str() +
         "\",\"size\":2},\"layers\":[]}";
}

Reply manifest_reply(std::string bytes, std::string_view type = kOciManifest) {
  std::string digest = crypto::sha256(bytes).str();
  return {200, {{"Content-Type", std::string(type)}, {"Docker-Content-Digest", digest}}, std::move(bytes), {}, false,
          0};
}

class HostileRegistry : public testing::Test {
 protected:
  void SetUp() override { folder_ = os::make_temporary_folder("/tmp", "pawl-hostile-").value(); }
  void TearDown() override { EXPECT_TRUE(os::remove_tree(folder_).ok()); }

  void serve(HttpServer::Handler handler) { server_ = std::make_unique<HttpServer>(std::move(handler)); }
  // The user is logged in to the server.
  void log_in() {
    std::string auth = to_base64("ada:s3cret");
    ASSERT_TRUE(os::write_file(folder_ + "/config.json",
                               "{\"auths\":{\"" + server_->host() + "\":{\"auth\":\"" + auth + "\"}}}")
                    .ok());
  }

  Context context() const { return Context().within(std::chrono::seconds(20)); }
  std::shared_ptr<ports::SourceReader> reader(Config config = {}) const {
    config.docker_config = folder_;
    return make_source_reader(config, nullptr);
  }
  format::ImageReference image(const std::string& version) const {
    return format::parse_image_reference(server_->host() + "/shop/web" + version).value();
  }
  Result<model::LockedImage> resolve(const std::string& version = ":1") const {
    return reader()->resolve_image(context(), image(version));
  }
  // The code that the answer `reply` is refused with; a success fails the test.
  ErrorCode refusal(const Reply& reply, const std::string& version = ":1") {
    serve([reply](const ServedRequest&) { return reply; });
    Result<model::LockedImage> result = resolve(version);
    EXPECT_FALSE(result.ok());
    return result.ok() ? ErrorCode::kNo : result.error().code;
  }
  static bool has_authorization(const ServedRequest& request) { return request.headers.contains("authorization"); }

  std::string folder_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HostileRegistry, AnHonestOneIsBelieved) {
  serve([](const ServedRequest&) { return manifest_reply(manifest_bytes()); });
  Result<model::LockedImage> locked = resolve();
  ASSERT_TRUE(locked.ok()) << locked.error().text();
  EXPECT_EQ(locked->digest, crypto::sha256(manifest_bytes()));
  EXPECT_EQ(locked->media_type, kOciManifest);
  EXPECT_TRUE(locked->platforms.empty());
}

TEST_F(HostileRegistry, A1_OtherBytesForADigest) {
  std::string wanted = crypto::sha256(manifest_bytes()).str();
  EXPECT_EQ(refusal(manifest_reply(manifest_bytes("other")), "@" + wanted), ErrorCode::kIntegrity);
  Reply lies = manifest_reply(manifest_bytes("other"));
  lies.headers[1].second = wanted;  // announced as what was asked for
  EXPECT_EQ(refusal(lies, "@" + wanted), ErrorCode::kIntegrity);
  EXPECT_EQ(refusal(lies), ErrorCode::kIntegrity) << "by tag too";
  Reply silent = manifest_reply(manifest_bytes("other"));
  silent.headers.pop_back();
  EXPECT_EQ(refusal(silent, "@" + wanted), ErrorCode::kIntegrity) << "without Docker-Content-Digest";
}

TEST_F(HostileRegistry, A1_WrongContentLengthTruncatedOrEndless) {
  Reply truncated = manifest_reply(manifest_bytes());
  truncated.content_length = truncated.body.size() + 100;
  EXPECT_EQ(refusal(truncated), ErrorCode::kInvalid);
  Reply cut = manifest_reply(manifest_bytes());
  cut.content_length = cut.body.size() - 1;
  EXPECT_EQ(refusal(cut), ErrorCode::kIntegrity);
  Reply endless = manifest_reply("");
  endless.endless = 1u << 30;
  EXPECT_EQ(refusal(endless), ErrorCode::kInvalid);
}

TEST_F(HostileRegistry, A1_NothingOfItIsCached) {
  bool lie = true;
  std::string wanted = crypto::sha256(manifest_bytes()).str();
  serve([&](const ServedRequest&) { return manifest_reply(manifest_bytes(lie ? "other" : "")); });
  auto same = reader();
  EXPECT_FALSE(same->fetch_manifest(context(), image(""), crypto::sha256(manifest_bytes())).ok());
  lie = false;
  EXPECT_EQ(same->fetch_manifest(context(), image(""), crypto::sha256(manifest_bytes())).value(), manifest_bytes());
}

TEST_F(HostileRegistry, A1_ABlobOfOtherBytesTruncatedOrEndless) {
  crypto::Digest wanted = crypto::sha256("config");
  auto fetch = [&](const Reply& reply) {
    serve([reply](const ServedRequest&) { return reply; });
    return reader()->fetch_blob(context(), image(""), wanted);
  };
  EXPECT_EQ(fetch({200, {}, "config", {}, false, 0}).value(), "config");
  EXPECT_EQ(server_->requests().back().path, "/v2/shop/web/blobs/" + wanted.str());
  EXPECT_EQ(fetch({200, {}, "other", {}, false, 0}).error().code, ErrorCode::kIntegrity);
  EXPECT_EQ(fetch({200, {}, "config", 100, false, 0}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(fetch({200, {}, "", {}, false, 1u << 30}).error().code, ErrorCode::kInvalid);
}

TEST_F(HostileRegistry, A10_ABlobBehindARedirectIsAskedForWithoutAuthorization) {
  crypto::Digest wanted = crypto::sha256("config");
  HttpServer storage([](const ServedRequest&) { return Reply{200, {}, "config", {}, false, 0}; });
  serve([&](const ServedRequest& request) {
    if (!has_authorization(request)) return Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, "", {}, false, 0};
    return Reply{307, {{"Location", storage.url() + "/signed?x=y"}}, "", {}, false, 0};
  });
  log_in();
  EXPECT_EQ(reader()->fetch_blob(context(), image(""), wanted).value(), "config");
  EXPECT_FALSE(has_authorization(storage.requests().at(0)));
}

TEST_F(HostileRegistry, A3_ContentTypeAndDocumentDisagree) {
  EXPECT_EQ(refusal(manifest_reply(manifest_bytes(), kOciIndex)), ErrorCode::kIntegrity);
  EXPECT_EQ(refusal(manifest_reply(manifest_bytes(), "application/json")), ErrorCode::kIntegrity);
  EXPECT_EQ(refusal(manifest_reply(manifest_bytes(), "application/vnd.oci.image")), ErrorCode::kIntegrity);
  EXPECT_EQ(refusal(manifest_reply(manifest_bytes(), "")), ErrorCode::kIntegrity);
  std::string untyped = "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}";
  EXPECT_EQ(refusal(manifest_reply(untyped, kOciIndex)), ErrorCode::kIntegrity) << "no mediaType to compare with";
  std::string index = "{\"schemaVersion\":2,\"manifests\":[]}";
  EXPECT_EQ(refusal(manifest_reply(index, kOciManifest)), ErrorCode::kIntegrity);
}

TEST_F(HostileRegistry, A3_AManifestThatIsAnIndexToo) {
  std::string both = "{\"schemaVersion\":2,\"config\":{},\"layers\":[],\"manifests\":[]}";
  EXPECT_EQ(refusal(manifest_reply(both, kOciManifest)), ErrorCode::kIntegrity);
  EXPECT_EQ(refusal(manifest_reply(both, kOciIndex)), ErrorCode::kIntegrity);
  EXPECT_EQ(refusal(manifest_reply("{\"layers\":[],\"layers\":[],\"config\":{}}", kOciManifest)), ErrorCode::kInvalid)
      << "twice the same key";
}

std::string platform_entry(const std::string& os, const std::string& architecture, const std::string& digest,
                           const std::string& more = "") {
  return "{\"mediaType\":\"" + std::string(kOciManifest) + "\",\"size\":2,\"digest\":\"" + digest +
         "\",\"platform\":{\"os\":\"" + os + "\",\"architecture\":\"" + architecture + "\"" + more + "}}";
}

std::string index_of(const std::vector<std::string>& entries) {
  return "{\"schemaVersion\":2,\"mediaType\":\"" + std::string(kOciIndex) + "\",\"manifests\":[" + join(entries, ",") +
         "]}";
}

TEST_F(HostileRegistry, A5_TheLockHoldsTheIndexAndEveryPlatform) {
  auto digest = [](const std::string& of) { return crypto::sha256(of).str(); };
  std::string index =
      index_of({platform_entry("linux", "arm64", digest("first")), platform_entry("linux", "amd64", digest("x")),
                platform_entry("linux", "arm", digest("v7"), ",\"variant\":\"v7\""),
                platform_entry("linux", "arm64", digest("second")),
                platform_entry("windows", "amd64", digest("w1"), ",\"os.version\":\"10.0.1\""),
                platform_entry("windows", "amd64", digest("w2"), ",\"os.version\":\"10.0.2\""),
                platform_entry("unknown", "unknown", digest("attestation"))});
  serve([&](const ServedRequest&) { return manifest_reply(index, kOciIndex); });
  Result<model::LockedImage> locked = resolve();
  ASSERT_TRUE(locked.ok()) << locked.error().text();
  EXPECT_EQ(locked->digest, crypto::sha256(index));
  std::vector<model::LockedPlatform> wanted = {{"linux/amd64", crypto::sha256("x")},
                                               {"linux/arm/v7", crypto::sha256("v7")},
                                               {"linux/arm64", crypto::sha256("first")},
                                               {"windows(10.0.1)/amd64", crypto::sha256("w1")},
                                               {"windows(10.0.2)/amd64", crypto::sha256("w2")}};
  EXPECT_EQ(locked->platforms, wanted);
}

TEST_F(HostileRegistry, A4_AnIndexOfDigestsThatAreNone) {
  for (const char* digest : {"sha256:../../x", "sha256:ABC", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", ""}) {
    std::string index = index_of({platform_entry("linux", "amd64", digest)});
    EXPECT_EQ(refusal(manifest_reply(index, kOciIndex)), ErrorCode::kInvalid) << digest;
  }
}

TEST_F(HostileRegistry, X9_AVersionIsNoPath) {
  serve([](const ServedRequest&) { return manifest_reply(manifest_bytes()); });
  for (const char* version : {"../../../v2/other/manifests/1", "1?x=y", "1#x", "$(id)", "1;rm", "-x", ""}) {
    model::Source source{"web", model::ImageSource{server_->host() + "/shop/web"}, version, {}};
    Result<model::LockedSource> locked = reader()->resolve(context(), source);
    ASSERT_FALSE(locked.ok()) << version;
    EXPECT_EQ(locked.error().code, ErrorCode::kInvalid) << version;
  }
  EXPECT_TRUE(server_->requests().empty()) << "nothing was asked";
}

TEST_F(HostileRegistry, X9_ATagOfTheListIsNoPath) {
  serve([](const ServedRequest& request) {
    if (request.path.find("/tags/list") != std::string::npos)
      return Reply{200, {}, "{\"tags\":[\"1.0\",\"9/../../../../evil/manifests/9\",\"9?x\"]}", {}, false, 0};
    return manifest_reply(manifest_bytes());
  });
  model::Source source{"web", model::ImageSource{server_->host() + "/shop/web"}, "*", {}};
  EXPECT_EQ(reader()->resolve(context(), source).value().version, "1.0");
}

TEST_F(HostileRegistry, ListsOfTagsEnd) {
  int page = 0;
  serve([&](const ServedRequest&) {
    return Reply{200,
                 {{"Link", "</v2/shop/web/tags/list?last=" + std::to_string(++page) + ">; rel=\"next\""}},
                 "{\"tags\":[]}",
                 {},
                 false,
                 0};
  });
  Result<std::vector<std::string>> tags = reader()->list_tags(context(), image(""));
  ASSERT_FALSE(tags.ok());
  EXPECT_EQ(tags.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(page, 1000);
}

TEST_F(HostileRegistry, A10_ARedirectToAnotherHostTakesNoAuthorizationAlong) {
  HttpServer other([](const ServedRequest&) { return manifest_reply(manifest_bytes()); });
  serve([&](const ServedRequest& request) {
    if (!has_authorization(request)) return Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, "", {}, false, 0};
    return Reply{307, {{"Location", other.url() + "/elsewhere"}}, "", {}, false, 0};
  });
  log_in();
  ASSERT_TRUE(resolve().ok());
  EXPECT_EQ(server_->requests().back().headers["authorization"], "Basic " + to_base64("ada:s3cret"));
  ASSERT_EQ(other.requests().size(), 1u);
  EXPECT_FALSE(has_authorization(other.requests()[0]));
}

TEST_F(HostileRegistry, A10_AHostThatWasRedirectedToCannotAskForCredentials) {
  HttpServer other(
      [](const ServedRequest&) { return Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, "", {}, false, 0}; });
  serve([&](const ServedRequest&) { return Reply{307, {{"Location", other.url() + "/x"}}, "", {}, false, 0}; });
  log_in();
  Result<model::LockedImage> locked = resolve();
  ASSERT_FALSE(locked.ok());
  EXPECT_EQ(locked.error().code, ErrorCode::kDenied);
  for (const ServedRequest& request : other.requests()) EXPECT_FALSE(has_authorization(request));
}

// Asks with a challenge that names `realm`; what the answer was, and whether credentials would have gone there.
Result<os::HttpRequest> token_for(const std::string& registry, const std::string& realm) {
  Challenge challenge = parse_challenge("Bearer realm=\"" + realm + "\",service=\"s\"");
  return token_request(challenge, parse_url(registry).value(), "shop/web", {"ada", "s3cret", ""});
}

TEST(RegistryAttack, A10_NoCredentialsForARealmOfAnotherHost) {
  for (const char* realm :
       {"https://evil.example/token", "https://evil.example?x=.example.com", "https://example.com.evil.example/",
        "https://evilexample.com/", "https://10.0.0.1/token"}) {
    Result<os::HttpRequest> request = token_for("https://registry.example.com", realm);
    ASSERT_TRUE(request.ok()) << realm;
    EXPECT_TRUE(request->headers.empty() && request->body.empty()) << realm;
  }
  for (auto [registry, realm] :
       std::vector<std::pair<std::string, std::string>>{{"https://a.co.uk", "https://b.co.uk/token"},
                                                        {"https://mine.azurecr.io", "https://theirs.azurecr.io/token"},
                                                        {"https://10.0.0.1", "https://10.1.0.1/token"},
                                                        {"https://a.example", "https://b.example/token"}}) {
    Result<os::HttpRequest> request = token_for(registry, realm);
    ASSERT_TRUE(request.ok()) << realm;
    EXPECT_TRUE(request->headers.empty()) << realm;
  }
}

TEST(RegistryAttack, A10_CredentialsForTheRegistrysOwnRealm) {
  for (auto [registry, realm] : std::vector<std::pair<std::string, std::string>>{
           {"https://ghcr.io", "https://ghcr.io/token"},
           {"https://registry-1.docker.io", "https://auth.docker.io/token"},
           {"https://registry.gitlab.com", "https://gitlab.com/jwt/auth"},
           {"https://registry.example.co.uk", "https://auth.example.co.uk/token"},
           {"http://127.0.0.1:5000", "http://127.0.0.1:5001/token"}}) {
    Result<os::HttpRequest> request = token_for(registry, realm);
    ASSERT_TRUE(request.ok()) << realm;
    ASSERT_EQ(request->headers.size(), 1u) << realm;
    EXPECT_EQ(request->headers[0].value, "Basic " + to_base64("ada:s3cret"));
    EXPECT_EQ(request->url, realm + "?service=s&scope=repository%3ashop%2fweb%3apull");
  }
}

TEST(RegistryAttack, A10_ARealmWithoutTlsOrThatIsNoUrlIsRefused) {
  for (const char* realm :
       {"http://registry.example.com/token", "http://127.0.0.1/token", "http://127.evil.example/token",
        "https://registry.example.com@evil.example/", "https://evil.example\\.example.com/",
        "https://evil.example#.example.com", "ftp://registry.example.com/", "file:///etc/passwd", "", "https://",
        "https://a:99999999/", "https://a b/"}) {
    Result<os::HttpRequest> request = token_for("https://registry.example.com", realm);
    ASSERT_FALSE(request.ok()) << realm;
    EXPECT_EQ(request.error().code, ErrorCode::kDenied) << realm;
    EXPECT_EQ(request.error().text().find("s3cret"), std::string::npos);
  }
  EXPECT_FALSE(token_for("http://127.0.0.1:5000", "http://127.0.0.1.evil.example/token").ok());
}

TEST_F(HostileRegistry, A10_AMirrorIsNotGivenTheRegistrysCredentials) {
  serve([](const ServedRequest& request) {
    if (!has_authorization(request)) return Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, "", {}, false, 0};
    return manifest_reply(manifest_bytes());
  });
  std::string auth = to_base64("ada:s3cret");
  ASSERT_TRUE(os::write_file(folder_ + "/config.json", "{\"auths\":{\"ghcr.io\":{\"auth\":\"" + auth + "\"}}}").ok());
  Config config;
  config.mirrors["ghcr.io"] = {server_->url()};
  auto answer = reader(config)->resolve_image(context(), format::parse_image_reference("ghcr.io/a/b:1").value());
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kDenied);
  for (const ServedRequest& request : server_->requests()) EXPECT_FALSE(has_authorization(request));
}

TEST_F(HostileRegistry, BuysATokenOnceAndUsesIt) {
  int sold = 0;
  serve([&](const ServedRequest& request) {
    if (request.path.starts_with("/token")) {
      ++sold;
      return Reply{200, {}, "{\"token\":\"t0ken\"}", {}, false, 0};
    }
    bool good = has_authorization(request) && request.headers.at("authorization") == "Bearer t0ken";
    if (good) return manifest_reply(manifest_bytes());
    std::string challenge =
        "Bearer realm=\"" + server_->url() + "/token\",service=\"here\",scope=\"repository:x:push\"";
    return Reply{401, {{"WWW-Authenticate", challenge}}, "", {}, false, 0};
  });
  log_in();
  auto same = reader();
  ASSERT_TRUE(same->resolve_image(context(), image(":1")).ok());
  ASSERT_TRUE(same->resolve_image(context(), image(":2")).ok());
  EXPECT_EQ(sold, 1);
  ServedRequest bought = server_->requests()[1];
  EXPECT_EQ(bought.path, "/token?service=here&scope=repository%3ashop%2fweb%3apull") << "pull, whatever is offered";
  EXPECT_EQ(bought.headers["authorization"], "Basic " + to_base64("ada:s3cret"));
}

TEST_F(HostileRegistry, R11_BusyAndBrokenOnesAreAskedAgainABoundedNumberOfTimes) {
  int asked = 0;
  serve([&](const ServedRequest&) {
    ++asked;
    if (asked == 1) return Reply{429, {{"Retry-After", "1"}}, "", {}, false, 0};
    if (asked == 2) return Reply{503, {}, "", {}, false, 0};
    if (asked == 3) return Reply{.reset = true};
    return manifest_reply(manifest_bytes());
  });
  auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(resolve().ok());
  EXPECT_EQ(asked, 4);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << "Retry-After was heard";
  asked = 0;
  serve([&](const ServedRequest&) {
    ++asked;
    return Reply{500, {}, "", {}, false, 0};
  });
  Result<model::LockedImage> never = resolve();
  ASSERT_FALSE(never.ok());
  EXPECT_EQ(never.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(asked, 4);
}

TEST_F(HostileRegistry, R11_ARetryAfterBeyondTheDeadlineIsNotWaitedFor) {
  serve([](const ServedRequest&) { return Reply{429, {{"Retry-After", "3600"}}, "", {}, false, 0}; });
  auto start = std::chrono::steady_clock::now();
  Result<model::LockedImage> late =
      reader()->resolve_image(Context().within(std::chrono::milliseconds(700)), image(":1"));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kTimeout) << late.error().text();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

TEST_F(HostileRegistry, R11_AStopEndsAWait) {
  serve([](const ServedRequest&) { return Reply{503, {{"Retry-After", "20"}}, "", {}, false, 0}; });
  std::stop_source stop;
  Context stoppable;
  stoppable.stop = stop.get_token();
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop.request_stop();
  });
  auto start = std::chrono::steady_clock::now();
  Result<model::LockedImage> stopped = reader()->resolve_image(stoppable, image(":1"));
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::kInterrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

TEST(RegistryAttack, A10_WhatCountsAsLoopback) {
  for (const char* near : {"localhost", "127.0.0.1", "127.9.9.9", "[::1]"}) EXPECT_TRUE(is_loopback(near)) << near;
  for (const char* far : {"127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0", "[::2]",
                          "0.0.0.0", "128.0.0.1"})
    EXPECT_FALSE(is_loopback(far)) << far;
}

}  // namespace
}  // namespace pawl::registry

// Chart repositories over HTTP: honest ones, and what a hostile or a broken one can send.
#include "adapters/registry/chart_repository.h"

#include <gtest/gtest.h>

#include "adapters/registry/chart_index.h"
#include "adapters/registry/sources.h"
#include "tests/support/gzip.h"
#include "tests/support/http_server.h"
#include "tests/support/tar_entry.h"

namespace pawl::registry {
namespace {

using testing_support::HttpServer;
using testing_support::Reply;
using testing_support::ServedRequest;

std::string chart_archive(const std::string& name = "web/Chart.yaml") {
  return testing_support::gzip(testing_support::tar_entry(name, '0', "name: web\n") + testing_support::kTarEnd);
}

Reply body(std::string bytes) { return {200, {}, std::move(bytes), {}, false, 0}; }
Reply answer(int status) { return {status, {}, "", {}, false, 0}; }
Reply redirect(const std::string& to) { return {302, {{"Location", to}}, "", {}, false, 0}; }

class ChartRepositoryTest : public testing::Test {
 protected:
  // A repository at /charts: `entries` are the versions of "web"; every other path is the archive.
  void serve(const std::string& entries, HttpServer::Handler other = {}) {
    index_ = "apiVersion: v1\nentries:\n  web:\n" + entries;
    if (!other) other = [this](const ServedRequest&) { return body(archive_); };
    server_ = std::make_unique<HttpServer>([this, other](const ServedRequest& request) {
      return request.path == "/charts/index.yaml" ? body(index_) : other(request);
    });
  }
  static std::string entry(const std::string& version, const std::string& url, const std::string& digest = "") {
    return "  - version: \"" + version + "\"\n    urls: [\"" + url + "\"]\n" +
           (digest.empty() ? "" : "    digest: \"" + digest + "\"\n");
  }
  std::string digest() const { return crypto::sha256(archive_).hex(); }

  Context context() const { return Context().within(std::chrono::seconds(20)); }
  model::Source source(const std::string& version = "1.0.0", const std::string& chart = "web") const {
    return {"web", model::HelmSource{chart, server_->url() + "/charts"}, version, {}};
  }
  Result<model::LockedSource> resolve(const std::string& version = "1.0.0", const std::string& chart = "web") {
    return reader_->resolve(context(), source(version, chart));
  }
  Result<format::FileTree> fetch(const model::LockedSource& locked) {
    return reader_->fetch(context(), source(), locked);
  }
  // The code that fetching or resolving 1.0.0 is refused with.
  ErrorCode refusal() {
    Result<model::LockedSource> locked = resolve();
    if (!locked) return locked.error().code;
    Result<format::FileTree> files = fetch(*locked);
    return files ? ErrorCode::kNo : files.error().code;
  }

  std::string index_;
  std::string archive_ = chart_archive();
  std::unique_ptr<HttpServer> server_;
  std::shared_ptr<ports::SourceReader> reader_ = make_source_reader(Config{}, nullptr);
};

TEST_F(ChartRepositoryTest, LocksTheArchiveAndItsPlace) {
  serve(entry("1.10.0", "web-1.10.0.tgz", digest()) + entry("1.9.0", "web-1.9.0.tgz", digest()) +
        entry("2.0.0-rc.1", "web-2.tgz", digest()));
  Result<model::LockedSource> locked = resolve(">=1 <3");
  ASSERT_TRUE(locked.ok()) << locked.error().text();
  EXPECT_EQ(locked->version, "1.10.0") << "by precedence, and no pre-release";
  EXPECT_EQ(locked->from, server_->url() + "/charts/web");
  EXPECT_EQ(locked->url, server_->url() + "/charts/web-1.10.0.tgz");
  EXPECT_EQ(locked->digest, crypto::sha256(archive_));
  EXPECT_TRUE(model::answers(*locked, source(">=1 <3")));
  EXPECT_EQ(server_->requests().size(), 1u) << "what the index says need not be asked for";
  EXPECT_EQ(fetch(*locked).value(), (format::FileTree{{"Chart.yaml", "name: web\n", false}}));
  EXPECT_EQ(server_->requests().back().path, "/charts/web-1.10.0.tgz");
}

TEST_F(ChartRepositoryTest, UrlsFromTheRepositoryTheHostAndElsewhere) {
  serve(entry("1.0.0", "files/web.tgz") + entry("1.1.0", "/files/web.tgz") +
        entry("1.2.0", "http://charts.example/web.tgz", "sha256:" + digest()));
  EXPECT_EQ(resolve("1.0.0")->url, server_->url() + "/charts/files/web.tgz");
  EXPECT_EQ(resolve("1.1.0")->url, server_->url() + "/files/web.tgz");
  EXPECT_EQ(resolve("1.2.0")->url, "http://charts.example/web.tgz");
}

TEST_F(ChartRepositoryTest, AnIndexWithoutDigestsIsLockedByTheArchive) {
  serve(entry("1.0.0", "web.tgz"));
  EXPECT_EQ(resolve()->digest, crypto::sha256(archive_));
}

TEST_F(ChartRepositoryTest, RedirectsAreFollowed) {
  serve(entry("1.0.0", "web.tgz", digest()), [this](const ServedRequest& request) {
    return request.path == "/stored" ? body(archive_) : redirect("/stored");
  });
  EXPECT_EQ(refusal(), ErrorCode::kNo);
}

TEST_F(ChartRepositoryTest, SaysWhatIsNotThere) {
  serve(entry("1.0.0", "web.tgz", digest()) + "  - { version: 1.1.0, removed: true }\n",
        [](const ServedRequest&) { return answer(404); });
  EXPECT_EQ(resolve("2.0.0").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(resolve(">=2").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(resolve("1.0.0", "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(resolve("1.1.0").error().code, ErrorCode::kNotFound) << "removed";
  EXPECT_EQ(refusal(), ErrorCode::kNotFound) << "the archive";
  index_ = "<html>hello</html>";
  EXPECT_EQ(resolve().error().code, ErrorCode::kInvalid);
  index_ = "entries: { web: [{ version: 1.0.0 }] }";
  EXPECT_EQ(resolve().error().code, ErrorCode::kInvalid);
}

TEST_F(ChartRepositoryTest, A1_OtherBytesTruncatedOrEndless) {
  Reply reply = body(chart_archive("web/other"));
  serve(entry("1.0.0", "web.tgz", digest()), [&](const ServedRequest&) { return reply; });
  EXPECT_EQ(refusal(), ErrorCode::kIntegrity);
  reply = body(archive_);
  EXPECT_EQ(refusal(), ErrorCode::kNo);
  reply.content_length = archive_.size() - 1;
  EXPECT_EQ(refusal(), ErrorCode::kIntegrity);
  reply.content_length = archive_.size() + 1;
  EXPECT_EQ(refusal(), ErrorCode::kInvalid);
  reply = {200, {}, "", {}, false, 1u << 30};
  EXPECT_EQ(refusal(), ErrorCode::kInvalid);
}

TEST_F(ChartRepositoryTest, A4_DigestsThatAreNone) {
  for (const char* bad : {"../../x", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", "ABCDEF", "0"}) {
    serve(entry("1.0.0", "web.tgz", bad));
    EXPECT_EQ(resolve().error().code, ErrorCode::kInvalid) << bad;
  }
}

TEST_F(ChartRepositoryTest, X5_EntriesThatStandTwice) {
  serve(entry("1.0.0", "a.tgz", digest()) + entry("1.0.0", "b.tgz", crypto::sha256("b").hex()));
  EXPECT_EQ(resolve().error().code, ErrorCode::kInvalid) << "two archives of one version";
  serve(entry("1.0.0", "a.tgz") + entry("1.0.0", "b.tgz"));
  EXPECT_EQ(resolve().error().code, ErrorCode::kInvalid);
  serve(entry("1.0.0", "a.tgz", digest()) + entry("1.0.0", "b.tgz", digest()));
  EXPECT_EQ(resolve()->url, server_->url() + "/charts/a.tgz") << "one archive at two places";
  serve(entry("1.0.0", "a.tgz", digest()) + "  web:\n" + entry("1.0.0", "b.tgz"));
  EXPECT_EQ(resolve().error().code, ErrorCode::kInvalid) << "a chart that stands twice";
}

TEST_F(ChartRepositoryTest, X5_ArchivesThatAreNoChart) {
  std::string other = testing_support::tar_entry("other/a", '0', "x");
  std::string web = testing_support::tar_entry("web/Chart.yaml", '0', "name: web\n");
  for (const std::string& entries :
       {web + other, testing_support::tar_entry("../web/Chart.yaml", '0', "x"),
        testing_support::tar_entry("a", '0', "x"), web + testing_support::tar_entry("web/link", '2', "")}) {
    archive_ = testing_support::gzip(entries + testing_support::kTarEnd);
    serve(entry("1.0.0", "web.tgz", digest()));
    EXPECT_EQ(refusal(), ErrorCode::kInvalid);
  }
  archive_ = testing_support::gzip(std::string(limits::kChartBytes + 1, '\0'));
  serve(entry("1.0.0", "web.tgz", digest()));
  EXPECT_EQ(refusal(), ErrorCode::kInvalid) << "a bomb";
}

TEST_F(ChartRepositoryTest, X6_AnIndexSendsNobodyIntoAPrivateNetwork) {
  bool reached = false;
  HttpServer inside([&](const ServedRequest&) {
    reached = true;
    return body(archive_);
  });
  std::string port = inside.host().substr(inside.host().find(':'));
  for (const std::string& host :
       {"127.0.0.2" + port, "localhost" + port, "[::1]" + port, "0.0.0.0" + port, "2130706433" + port,
        "0x7f000001" + port, "[::ffff:127.0.0.1]" + port, std::string("169.254.169.254"), std::string("10.0.0.1")}) {
    serve(entry("1.0.0", "http://" + host + "/web.tgz", digest()));
    EXPECT_NE(refusal(), ErrorCode::kNo) << host;
    serve(entry("1.0.0", "web.tgz", digest()),
          [&](const ServedRequest&) { return redirect("http://" + host + "/web.tgz"); });
    EXPECT_NE(refusal(), ErrorCode::kNo) << "redirected to " << host;
  }
  EXPECT_FALSE(reached);
}

TEST_F(ChartRepositoryTest, X6_UrlsThatAreNoPlaceOfAChart) {
  for (const char* url : {"file:///etc/passwd", "gopher://127.0.0.1/x", "ftp://h.example/a", "http://user@h.example/a",
                          "//h.example/a b", "http://", "\\\\h.example\\a"}) {
    serve(entry("1.0.0", url, digest()));
    EXPECT_NE(refusal(), ErrorCode::kNo) << url;
  }
  serve(entry("1.0.0", "web.tgz", digest()), [](const ServedRequest&) { return redirect("file:///etc/passwd"); });
  EXPECT_EQ(refusal(), ErrorCode::kDenied);
  serve(entry("1.0.0", "web.tgz", digest()), [](const ServedRequest& request) { return redirect(request.path); });
  EXPECT_EQ(refusal(), ErrorCode::kUnavailable) << "without end";
}

TEST_F(ChartRepositoryTest, R11_ARepositoryThatIsBusyIsAskedAgain) {
  int asked = 0;
  serve(entry("1.0.0", "web.tgz", digest()),
        [&](const ServedRequest&) { return ++asked < 2 ? answer(503) : body(archive_); });
  EXPECT_EQ(refusal(), ErrorCode::kNo);
}

TEST_F(ChartRepositoryTest, X6_ARepositoryOverTlsSendsNobodyBelowIt) {
  serve("");
  model::LockedSource locked{"web", "helm", "https://127.0.0.1/charts/web", "1", "1", "", crypto::sha256(archive_),
                             server_->url() + "/charts/web.tgz"};
  EXPECT_EQ(fetch(locked).error().code, ErrorCode::kDenied);
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(ChartRepositoryTest, TheLockIsBelievedNoMoreThanTheIndex) {
  serve(entry("1.0.0", "web.tgz", digest()));
  model::LockedSource locked = resolve().value();
  locked.url = "file:///etc/passwd";
  EXPECT_EQ(fetch(locked).error().code, ErrorCode::kDenied);
  locked = resolve().value();
  locked.from = "nowhere";
  EXPECT_EQ(fetch(locked).error().code, ErrorCode::kInvalid);
  locked = resolve().value();
  locked.digest.reset();
  EXPECT_EQ(fetch(locked).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace pawl::registry

#include "core/model/lock.h"

#include <gtest/gtest.h>

#include <random>

namespace pawl::model {

namespace {

crypto::Digest digest(std::string_view of) { return crypto::sha256(of); }

Lock sample() {
  return {.sources = {{.name = "base",
                       .kind = "git",
                       .from = "https://git.example.com/base.git",
                       .requested = "branch main",
                       .version = "main",
                       .commit = std::string(40, 'a'),
                       .digest = digest("tree")},
                      {.name = "podinfo",
                       .kind = "image",
                       .from = "ghcr.io/stefanprodan/podinfo",
                       .requested = ">=6.12 <7",
                       .version = "6.14.1",
                       .commit = {},
                       .digest = digest("podinfo")}},
          .images = {{"memcached:1.6", digest("m"), "application/vnd.oci.image.manifest.v1+json", {}},
                     {"redis:7.4",
                      digest("r"),
                      "application/vnd.oci.image.index.v1+json",
                      {{"linux/amd64", digest("a")}, {"linux/arm64", digest("b")}}}}};
}

std::string errors_of(const std::string& text) {
  Result<Lock> parsed = parse_lock(text, "pawl.lock");
  return parsed ? "(no error)" : render_diagnostics(parsed.error().diagnostics);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  if (at != std::string::npos) text.replace(at, what.size(), by);
  return text;
}

TEST(Lock, SaysOneFactALine) {
  EXPECT_EQ(render_lock(sample()),
            "# Written by `pawl lock`. Review and commit it; change versions in pawl.yaml, not here.\n"
            "version: 1\n"
            "sources:\n"
            "- name: base\n"
            "  kind: git\n"
            "  from: https://git.example.com/base.git\n"
            "  requested: branch main\n"
            "  version: main\n"
            "  commit: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
            "  digest: " +
                digest("tree").str() +
                "\n"
                "- name: podinfo\n"
                "  kind: image\n"
                "  from: ghcr.io/stefanprodan/podinfo\n"
                "  requested: '>=6.12 <7'\n"
                "  version: 6.14.1\n"
                "  digest: " +
                digest("podinfo").str() +
                "\n"
                "images:\n"
                "- image: memcached:1.6\n"
                "  digest: " +
                digest("m").str() +
                "\n"
                "  mediaType: application/vnd.oci.image.manifest.v1+json\n"
                "- image: redis:7.4\n"
                "  digest: " +
                digest("r").str() +
                "\n"
                "  mediaType: application/vnd.oci.image.index.v1+json\n"
                "  platforms:\n"
                "    linux/amd64: " +
                digest("a").str() +
                "\n"
                "    linux/arm64: " +
                digest("b").str() + "\n");
}

Lock with_helm() {
  Lock lock = sample();
  lock.helm = {
      "v4.3.1", "v1.34.0", {"monitoring.coreos.com/v1"}, {{"darwin/arm64", digest("d")}, {"linux/amd64", digest("l")}}};
  return lock;
}

TEST(Lock, SaysWhatChartsAreRenderedWith) {
  std::string text = render_lock(with_helm());
  EXPECT_EQ(text.substr(text.find("helm:")),
            "helm:\n"
            "  version: v4.3.1\n"
            "  kubeVersion: v1.34.0\n"
            "  apiVersions:\n"
            "  - monitoring.coreos.com/v1\n"
            "  programs:\n"
            "    darwin/arm64: " +
                digest("d").str() +
                "\n"
                "    linux/amd64: " +
                digest("l").str() + "\n");
  EXPECT_EQ(*with_helm().helm->find_program("linux/amd64"), digest("l"));
  EXPECT_EQ(with_helm().helm->find_program("linux/arm64"), nullptr);
  EXPECT_NE(errors_of(replaced(text, "  kubeVersion: v1.34.0\n", "")).find("\"kubeVersion\" is missing"),
            std::string::npos);
  EXPECT_NE(errors_of(replaced(text, "    darwin/arm64: ", "    windows/amd64: ")).find("stands behind"),
            std::string::npos);
}

TEST(Lock, DifferenceNamesHelm) {
  Lock other = with_helm();
  other.helm->version = "v3.22.0";
  std::vector<LockChange> changes = difference(with_helm(), other);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].kind, "helm");
  EXPECT_TRUE(changes[0].before.starts_with("v4.3.1, for Kubernetes v1.34.0"));
  EXPECT_TRUE(changes[0].after.starts_with("v3.22.0,"));
}

TEST(Lock, RoundTrips) {
  Lock chart = sample();
  chart.sources.push_back({.name = "web",
                           .kind = "helm",
                           .from = "https://h.example/web",
                           .requested = "1.x",
                           .version = "1.2",
                           .commit = {},
                           .digest = digest("tgz"),
                           .url = "https://f.example/a.tgz"});
  for (const Lock& lock : {sample(), with_helm(), chart, Lock{}}) {
    std::string text = render_lock(lock);
    Result<Lock> parsed = parse_lock(text, "pawl.lock");
    ASSERT_TRUE(parsed.ok()) << errors_of(text);
    EXPECT_EQ(*parsed, lock);
    EXPECT_EQ(render_lock(*parsed), text);
  }
}

// What YAML could read as something else: versions that look like numbers, words, octals.
TEST(Lock, VersionsStayStrings) {
  for (const char* version : {"1.0", "1", "0x1f", "null", "true", "~", "1e3", "2026-11-24", "017", "on", "- x", "a: b",
                              "#x", "'", "\"", "*", "1_000"}) {
    Lock lock = sample();
    lock.sources[1].version = version;
    lock.sources[1].requested = version;
    Result<Lock> parsed = parse_lock(render_lock(lock), "pawl.lock");
    ASSERT_TRUE(parsed.ok()) << version << errors_of(render_lock(lock));
    EXPECT_EQ(*parsed, lock) << version;
  }
}

TEST(LockProperty, RandomLocksRoundTrip) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    Lock lock;
    for (std::uint32_t i = 0; i < random() % 6; ++i) {
      std::string name = "s" + std::to_string(i);
      LockedSource source{.name = name,
                          .kind = "oci",
                          .from = "r/" + name,
                          .requested = std::to_string(random() % 9),
                          .version = "v" + name,
                          .commit = {},
                          .digest = {}};
      if (random() % 2 == 0) source.commit = std::string(40, "0123456789abcdef"[random() % 16]);
      if (source.commit.empty() || random() % 2 == 0) source.digest = digest(std::to_string(random()));
      lock.sources.push_back(source);
    }
    for (std::uint32_t i = 0; i < random() % 6; ++i) {
      LockedImage image{
          "i" + std::to_string(i) + ":" + std::to_string(random() % 100), digest(std::to_string(random())), "m", {}};
      for (std::uint32_t p = 0; p < random() % 3; ++p)
        image.platforms.push_back({"linux/p" + std::to_string(p), digest("p")});
      lock.images.push_back(image);
    }
    Result<Lock> parsed = parse_lock(render_lock(lock), "pawl.lock");
    ASSERT_TRUE(parsed.ok()) << errors_of(render_lock(lock));
    EXPECT_EQ(*parsed, lock);
  }
}

TEST(Lock, ErrorsNameTheirPlace) {
  std::string text = replaced(render_lock(sample()), "  requested: branch main\n", "  request: branch main\n");
  EXPECT_EQ(errors_of(text),
            "pawl.lock:7:3: error: unknown field \"request\" in sources\n"
            "   7 |   request: branch main\n"
            "     |   ^~~~~~~\n"
            "help: make the lock anew: pawl lock\n");
}

TEST(Lock, UnsortedAndDuplicateEntriesAreRefused) {
  Lock lock = sample();
  std::swap(lock.images[0], lock.images[1]);
  EXPECT_NE(errors_of(render_lock(lock)).find("\"memcached:1.6\" stands behind \"redis:7.4\""), std::string::npos);
  lock = sample();
  lock.images[0].reference = "redis:7.4";
  EXPECT_NE(errors_of(render_lock(lock)).find("\"redis:7.4\" stands twice"), std::string::npos);
  lock = sample();
  lock.sources[0].name = "podinfo";
  EXPECT_NE(errors_of(render_lock(lock)).find("\"podinfo\" stands twice"), std::string::npos);
  lock = sample();
  std::swap(lock.images[1].platforms[0], lock.images[1].platforms[1]);
  EXPECT_NE(errors_of(render_lock(lock)).find("\"linux/amd64\" stands behind \"linux/arm64\""), std::string::npos);
}

TEST(Lock, WrongShapesAreRefused) {
  std::string good = render_lock(sample());
  EXPECT_NE(errors_of("").find("the file is empty"), std::string::npos);
  EXPECT_NE(errors_of("[]").find("the lock must be a map"), std::string::npos);
  EXPECT_NE(errors_of(replaced(good, "version: 1\n", "version: 2\n")).find("version must be 1"), std::string::npos);
  EXPECT_NE(errors_of("version: 1\nsources: {}\nimages: []\n").find("sources must be a list"), std::string::npos);
  EXPECT_NE(errors_of(replaced(good, "kind: git", "kind: svn")).find("no kind of source \"svn\""), std::string::npos);
  EXPECT_NE(errors_of(replaced(good, "version: 6.14.1", "version: 6.14")).find("version must be a string"),
            std::string::npos);
  EXPECT_NE(errors_of("version: 1\nsources: []\nimages: [{ image: a }]\n").find("\"digest\" is missing"),
            std::string::npos);
  EXPECT_NE(errors_of("version: 1\nsources: [{ name: a, kind: git, from: b }]\nimages: []\n")
                .find("needs a digest or a commit"),
            std::string::npos);
  EXPECT_NE(errors_of(good + "version: 1\n").find("stands twice"), std::string::npos);
}

TEST(Lock, AnswersOnlyWhatIsStillAsked) {
  Source source{"base", GitSource{"https://h.example/a.git", "main", "", "", "deploy"}, "", {}};
  LockedSource locked{"base", "git", "https://h.example/a.git", requested_of(source), "main", std::string(40, 'a'), {}};
  EXPECT_EQ(locked.requested, "branch main");
  EXPECT_TRUE(answers(locked, source));
  std::get<GitSource>(source.from).branch = "next";
  EXPECT_FALSE(answers(locked, source)) << "another branch";
  std::get<GitSource>(source.from) = {"https://h.example/b.git", "main", "", "", "deploy"};
  EXPECT_FALSE(answers(locked, source)) << "another repository";
  Source image{"web", ImageSource{"ghcr.io/a/web"}, "1.x", {}};
  EXPECT_TRUE(answers({"web", "image", "ghcr.io/a/web", "1.x", "1.2", "", {}}, image));
  EXPECT_FALSE(answers({"web", "image", "ghcr.io/a/web", "2.x", "2.0", "", {}}, image));
}

TEST(Lock, AChartsPlaceIsItsRepositoryAndItsName) {
  auto place = [](const HelmSource& helm) { return place_of({"web", helm, "1.x", {}}); };
  EXPECT_EQ(place({"oci://h.example/charts/web", ""}), "h.example/charts/web");
  EXPECT_EQ(place({"web", "oci://h.example/charts/"}), "h.example/charts/web");
  EXPECT_EQ(place({"web", "https://h.example/charts/"}), "https://h.example/charts/web");
  Source source{"web", HelmSource{"web", "https://h.example"}, "1.x", {}};
  LockedSource locked{"web", "helm", "https://h.example/web", "1.x",
                      "1.2", "",     digest("tgz"),           "https://f.example/a.tgz"};
  EXPECT_TRUE(answers(locked, source));
  source.from = HelmSource{"web", "https://g.example"};
  EXPECT_FALSE(answers(locked, source)) << "another repository";
}

TEST(LockAttack, A4_MalformedDigestsAreRefused) {
  std::string good = render_lock(sample());
  std::string hex = digest("r").hex();
  std::string upper = hex;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const std::string& bad : {std::string("sha256:../../x"), "sha256:" + upper, "sha256:" + hex.substr(1),
                                 "sha256:" + hex + "0", "sha1:" + hex.substr(0, 40), "md5:" + hex.substr(0, 32),
                                 "sha512:" + hex + hex, hex, std::string("\"\""), std::string("[]")}) {
    std::string errors = errors_of(replaced(good, digest("r").str(), bad));
    EXPECT_NE(errors.find("digest is no digest: sha256: and 64 lower-case hexadecimal digits"), std::string::npos)
        << bad << "\n"
        << errors;
  }
  EXPECT_NE(errors_of(replaced(good, digest("a").str(), "sha256:x")).find("linux/amd64 is no digest"),
            std::string::npos);
  EXPECT_NE(errors_of(replaced(good, std::string(40, 'a'), "--upload-pack=x")).find("commit must be 40 or 64"),
            std::string::npos);
}

TEST(Lock, FindsByKey) {
  Lock lock = sample();
  ASSERT_NE(lock.find_image("redis:7.4"), nullptr);
  EXPECT_EQ(lock.find_image("redis:7.4")->digest, digest("r"));
  EXPECT_EQ(lock.find_image("redis"), nullptr);
  EXPECT_EQ(lock.find_image("zzz"), nullptr);
  ASSERT_NE(lock.find_source("podinfo"), nullptr);
  EXPECT_EQ(lock.find_source("a"), nullptr);
}

TEST(Lock, DifferenceNamesWhatCameWentAndMoved) {
  Lock before = sample();
  Lock after = sample();
  after.images[1].digest = digest("r2");
  after.images.insert(after.images.begin() + 1, {"nginx:1", digest("n"), "m", {}});
  after.sources.erase(after.sources.begin());
  std::vector<LockChange> expected = {
      {'-', "source", "base", "main " + std::string(40, 'a') + " " + digest("tree").str(), ""},
      {'+', "image", "nginx:1", "", digest("n").str()},
      {'~', "image", "redis:7.4", digest("r").str(), digest("r2").str()},
  };
  EXPECT_EQ(difference(before, after), expected);
  EXPECT_TRUE(difference(before, before).empty());
}

}  // namespace

}  // namespace pawl::model

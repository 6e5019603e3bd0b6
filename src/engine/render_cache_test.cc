#include "engine/render_cache.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/kustomize.h"
#include "tests/support/memory.h"

namespace pawl::engine {
namespace {

constexpr int kObjects = 250;  // enough for a record to be kept

std::string config_map(int i, const std::string& value) {
  return fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c{:03}\ndata:\n  key: {}\n", i, value);
}

std::string path_of(int i) { return fmt::format("app/c{:03}.yaml", i); }

ports::FileTree site() {
  ports::FileTree files;
  std::string kustomization = "namePrefix: p-\nresources:\n";
  for (int i = 0; i < kObjects; ++i) {
    files.push_back({path_of(i), config_map(i, "one"), false});
    kustomization += fmt::format("- c{:03}.yaml\n", i);
  }
  files.push_back({"app/kustomization.yaml", kustomization, false});
  return files;
}

// Counts the calls of a port by name.
struct Calls {
  std::map<std::string, int, std::less<>> of;
  memory::Fault fault() {
    return [this](std::string_view call) {
      ++of[std::string(call)];
      return Status();
    };
  }
};

class RenderCacheTest : public testing::Test {
 protected:
  std::string cached() {
    return kustomize(RenderCache(workspace_, cache_, clock_, executor_), *workspace_, "app").value().str();
  }
  std::string anew() {
    return kustomize(RenderCache(workspace_, nullptr, clock_, executor_), *workspace_, "app").value().str();
  }
  int reads_of_cached(const std::string& expected) {
    calls_.of.clear();
    EXPECT_EQ(cached(), expected);
    return calls_.of["workspace.read"];
  }

  Calls calls_;
  std::shared_ptr<memory::Workspace> workspace_ = std::make_shared<memory::Workspace>(site(), calls_.fault());
  std::shared_ptr<memory::Cache> cache_ = std::make_shared<memory::Cache>();
  std::shared_ptr<memory::Executor> executor_ = std::make_shared<memory::Executor>();
  std::shared_ptr<memory::Clock> clock_ = std::make_shared<memory::Clock>(Time(std::chrono::hours(1)));
};

TEST_F(RenderCacheTest, ReadsNoFileAgainThatDidNotChange) {
  std::string first = cached();
  EXPECT_EQ(first, anew());
  EXPECT_EQ(reads_of_cached(first), 0);
}

TEST_F(RenderCacheTest, AsksWhoeverWatchesTheFilesInPlaceOfTheSystem) {
  std::string first = cached();
  workspace_->watch();
  EXPECT_EQ(reads_of_cached(first), 0);
  EXPECT_EQ(calls_.of["workspace.stamps"], 0);
  EXPECT_EQ(calls_.of["workspace.watched_changes"], 1);
  ASSERT_TRUE(workspace_->write(path_of(7), config_map(7, "two")).ok());
  EXPECT_EQ(cached(), anew());
}

TEST_F(RenderCacheTest, ReadsOneChangedFileAndWhatPutsItInPlace) {
  cached();
  ASSERT_TRUE(workspace_->write(path_of(7), config_map(7, "two")).ok());
  std::string now = anew();
  EXPECT_NE(now.find("key: two"), std::string::npos);
  EXPECT_LT(reads_of_cached(now), 10);
  // Back again is the same as never.
  ASSERT_TRUE(workspace_->write(path_of(7), config_map(7, "one")).ok());
  EXPECT_EQ(reads_of_cached(anew()), 0);
}

TEST_F(RenderCacheTest, RendersAllAfterAnyOtherChange) {
  cached();
  ASSERT_TRUE(workspace_->write("app/kustomization.yaml", "namePrefix: q-\nresources: [c001.yaml]\n").ok());
  EXPECT_EQ(cached(), anew());
  ASSERT_TRUE(workspace_->write("app/kustomization.yaml", site().back().bytes).ok());
  cached();
  ASSERT_TRUE(workspace_->write(path_of(3), config_map(400, "renamed")).ok());
  EXPECT_EQ(cached(), anew());
}

TEST_F(RenderCacheTest, AFileThatIsGoneIsAnErrorAsEver) {
  cached();
  workspace_->remove(path_of(3));
  RenderCache cache(workspace_, cache_, clock_, executor_);
  EXPECT_FALSE(kustomize(cache, *workspace_, "app").ok());
}

// A cache that gives the same spoilt bytes for every key.
class SpoiltCache : public ports::Cache {
 public:
  explicit SpoiltCache(std::string bytes) : bytes_(std::move(bytes)) {}
  std::optional<SharedBytes> get(const crypto::Digest&) override { return SharedBytes(bytes_); }
  void put(const crypto::Digest&, std::string_view) override {}

 private:
  std::string bytes_;
};

TEST_F(RenderCacheTest, SpoiltBytesChangeNothing) {
  std::string good = anew();
  for (const char* bytes : {"", "pawl render record 4\n", "anything"}) {
    RenderCache cache(workspace_, std::make_shared<SpoiltCache>(bytes), clock_, executor_);
    EXPECT_EQ(kustomize(cache, *workspace_, "app").value().str(), good) << bytes;
  }
}

// A cache of which the last byte of everything is spoilt: of a record's text.
class SpoilingCache : public ports::Cache {
 public:
  std::optional<SharedBytes> get(const crypto::Digest&) override {
    if (!kept_.empty()) ++given;
    return kept_.empty() ? std::nullopt : std::optional(SharedBytes(kept_));
  }
  void put(const crypto::Digest&, std::string_view bytes) override {
    kept_ = bytes;
    kept_.back() = static_cast<char>(kept_.back() ^ 1);
  }

  int given = 0;

 private:
  std::string kept_;
};

TEST_F(RenderCacheTest, ASpoiltTextIsNotPrinted) {
  auto spoiling = std::make_shared<SpoilingCache>();
  RenderCache cache(workspace_, spoiling, clock_, executor_);
  std::string good = anew();
  EXPECT_EQ(kustomize(cache, *workspace_, "app").value().str(), good);
  EXPECT_EQ(kustomize(cache, *workspace_, "app").value().str(), good);
  ASSERT_TRUE(workspace_->write(path_of(7), config_map(7, "two")).ok());
  EXPECT_EQ(kustomize(cache, *workspace_, "app").value().str(), anew());
  EXPECT_EQ(spoiling->given, 2);
}

TEST_F(RenderCacheTest, SmallRenderingsAreNotKept) {
  workspace_->remove("app/kustomization.yaml");
  ASSERT_TRUE(workspace_->write("app/kustomization.yaml", "resources: [c001.yaml]\n").ok());
  std::string first = cached();
  EXPECT_GT(reads_of_cached(first), 1);
}

}  // namespace
}  // namespace pawl::engine

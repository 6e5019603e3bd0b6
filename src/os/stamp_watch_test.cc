#include "os/stamp_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <random>

#include "os/descriptor.h"
#include "os/file.h"

namespace pawl::os {
namespace {

// Compares what is known with what the system says, after whatever can happen to a file.
class StampWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = canonical_path(make_temporary_folder(testing::TempDir(), "stamps-").value()).value();
    ASSERT_TRUE(make_folders(at("app/deep")).ok());
    write("app/a.yaml", "a: 1\n");
    write("app/deep/b.yaml", "b: 1\n");
    write("c.yaml", "c: 1\n");
    list_ = watch_.add(root_, paths_);
    ASSERT_TRUE(list_.has_value());
    ASSERT_TRUE(is_known());
  }
  void TearDown() override { (void)remove_tree(root_).ok(); }

  std::string at(const std::string& path) const { return join_path(root_, path); }

  // In place, without a new name.
  void write(const std::string& path, const std::string& text) {
    Descriptor file(::open(at(path).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC, 0644));
    ASSERT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  StampWatch::Stamps now() const {
    StampWatch::Stamps out;
    for (std::string_view path : paths_) out.push_back(stamp_of(at(std::string(path))));
    return out;
  }

  // Whether anything can be watched here; no network or overlay file system can.
  bool can_watch() {
    std::vector<std::string> names;
    for (int i = 0; i < kMany; ++i) names.push_back("many-" + std::to_string(i));
    for (const std::string& name : names) write(name, "");
    return watch_.add(root_, std::vector<std::string_view>(names.begin(), names.end())).has_value();
  }

  // Whether the list is still known, and right. Otherwise it is begun again.
  bool is_known() {
    std::optional<StampWatch::Stamps> known = watch_.stamps(*list_);
    if (!known) {
      list_ = watch_.add(root_, paths_);
      return false;
    }
    EXPECT_EQ(*known, now());
    return true;
  }

  void expect_known_after(const std::function<void()>& change) {
    StampWatch::Stamps before = now();
    change();
    EXPECT_NE(before, now()) << "nothing changed";
    EXPECT_TRUE(is_known());
    // And whatever is there now is watched as well.
    for (std::string_view path : paths_) {
      std::string name(path);
      if (stamp_of(at(name))) write(name, "more: 1\n");
      EXPECT_TRUE(is_known());
    }
  }

  static constexpr int kMany = 300;  // more than may be asked for each time

  std::string root_;
  std::vector<std::string_view> paths_ = {"app/a.yaml", "app/absent.yaml", "app/deep/b.yaml", "c.yaml"};
  StampWatch watch_ = StampWatch::open().value();
  std::optional<StampWatch::List> list_;
};

TEST_F(StampWatchTest, SeesAWriteInPlace) {
  expect_known_after([&] { write("app/a.yaml", "a: 2\n"); });
}

TEST_F(StampWatchTest, SeesAFileThatTookThePlaceOfAnother) {
  expect_known_after([&] { ASSERT_TRUE(write_file(at("app/a.yaml"), "a: 2\n").ok()); });
}

TEST_F(StampWatchTest, SeesAFileThatCameAndOneThatWent) {
  expect_known_after([&] { write("app/absent.yaml", "d: 1\n"); });
  expect_known_after([&] { ASSERT_EQ(::unlink(at("app/absent.yaml").c_str()), 0); });
  expect_known_after([&] { ASSERT_EQ(::unlink(at("c.yaml").c_str()), 0); });
  expect_known_after([&] { ASSERT_EQ(::rename(at("app/a.yaml").c_str(), at("c.yaml").c_str()), 0); });
  expect_known_after([&] { write("app/a.yaml", "a: 3\n"); });
}

TEST_F(StampWatchTest, SeesTwoFilesChangePlaces) {
  expect_known_after([&] { ASSERT_TRUE(exchange(at("app/a.yaml"), at("c.yaml")).ok()); });
}

TEST_F(StampWatchTest, SeesWhatIsWrittenByAnotherName) {
  ASSERT_EQ(::mkdir(at("elsewhere").c_str(), 0755), 0);
  expect_known_after([&] { ASSERT_EQ(::link(at("c.yaml").c_str(), at("elsewhere/d").c_str()), 0); });
  expect_known_after([&] { write("elsewhere/d", "c: 2\n"); });
}

TEST_F(StampWatchTest, SeesWhatIsWrittenThroughAMappingOnceItIsLetGo) {
  expect_known_after([&] {
    Descriptor file(::open(at("c.yaml").c_str(), O_RDWR | O_CLOEXEC));
    void* mapped = ::mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    ASSERT_NE(mapped, MAP_FAILED);
    static_cast<char*>(mapped)[0] = 'C';
    ::munmap(mapped, 4);
  });
}

TEST_F(StampWatchTest, SeesTimesAndSizesThatAreSet) {
  expect_known_after([&] { ASSERT_EQ(::truncate(at("c.yaml").c_str(), 1), 0); });
  expect_known_after([&] { ASSERT_EQ(::utimensat(AT_FDCWD, at("c.yaml").c_str(), nullptr, 0), 0); });
  expect_known_after([&] { ASSERT_EQ(::chmod(at("c.yaml").c_str(), 0600), 0); });
}

TEST_F(StampWatchTest, ForgetsWhatLiesInAFolderThatIsMoved) {
  if (!can_watch()) GTEST_SKIP() << "nothing can be watched in " << root_;
  ASSERT_EQ(::rename(at("app").c_str(), at("old").c_str()), 0);
  EXPECT_FALSE(is_known());
  EXPECT_TRUE(is_known());
  ASSERT_EQ(::rename(at("old").c_str(), at("app").c_str()), 0);
  EXPECT_TRUE(is_known()) << "there was no such folder";
  std::string moved = root_ + "-moved";
  ASSERT_EQ(::rename(root_.c_str(), moved.c_str()), 0);
  EXPECT_FALSE(is_known()) << "the folders on the way count too";
  ASSERT_EQ(::rename(moved.c_str(), root_.c_str()), 0);
}

TEST_F(StampWatchTest, FollowsLinksToWhereTheyLeadNow) {
  expect_known_after([&] {
    ASSERT_EQ(::unlink(at("app/a.yaml").c_str()), 0);
    ASSERT_EQ(::symlink("../c.yaml", at("app/a.yaml").c_str()), 0);
  });
  expect_known_after([&] { write("c.yaml", "c: 2\n"); });
  ASSERT_EQ(::rename(at("app").c_str(), at("real").c_str()), 0);
  ASSERT_EQ(::symlink("real", at("app").c_str()), 0);
  (void)is_known();
  expect_known_after([&] { write("real/deep/b.yaml", "b: 2\n"); });
}

TEST_F(StampWatchTest, DoesNotWatchWhereTooMuchHasToBeAskedFor) {
  std::vector<std::string> names;
  for (int i = 0; i < kMany; ++i) names.push_back("no-folder/" + std::to_string(i));
  EXPECT_FALSE(watch_.add(root_, std::vector<std::string_view>(names.begin(), names.end())).has_value());
  EXPECT_TRUE(is_known());
}

TEST_F(StampWatchTest, ForgetsWhereMoreHappensThanTheSystemKeeps) {
  if (!can_watch()) GTEST_SKIP() << "nothing can be watched in " << root_;
  for (int i = 0; i < 10'000; ++i) {  // two of each: equal ones that follow each other are told once
    ASSERT_EQ(::truncate(at("c.yaml").c_str(), 1), 0);
    ASSERT_EQ(::truncate(at("app/a.yaml").c_str(), 1), 0);
  }
  EXPECT_FALSE(is_known());
  EXPECT_TRUE(is_known());
}

TEST_F(StampWatchTest, IsRightAfterAnythingAtAll) {
  std::mt19937 random(7);
  const std::vector<std::string> names = {"app/a.yaml", "app/absent.yaml", "app/deep/b.yaml", "c.yaml", "spare"};
  for (int i = 0; i < 1'000; ++i) {
    const std::string one = at(names[random() % names.size()]);
    const std::string other = at(names[random() % names.size()]);
    switch (random() % 9) {
      case 0:
        (void)::unlink(one.c_str());
        break;
      case 1:
        (void)::rename(one.c_str(), other.c_str());
        break;
      case 2:
        (void)::link(one.c_str(), other.c_str());
        break;
      case 3:
        (void)::symlink(other.c_str(), one.c_str());
        break;
      case 4:
        (void)::rename(at("app/deep").c_str(), at("app/off").c_str());
        break;
      case 5:
        (void)::rename(at("app/off").c_str(), at("app/deep").c_str());
        break;
      case 6:
        (void)write_file(one, std::to_string(i), {.durable = false}).ok();
        break;
      case 7:
        (void)::mkdir(one.c_str(), 0755);
        break;
      default:
        (void)exchange(one, other).ok();
        break;
    }
    if (random() % 3 == 0) is_known();
    if (random() % 50 == 0) watch_.take_in();
    ASSERT_TRUE(list_.has_value());
    if (HasFailure()) FAIL() << "after change " << i;
  }
}

}  // namespace
}  // namespace pawl::os

#include "adapters/local/stamp_service.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "os/file.h"
#include "os/local_socket.h"

namespace pawl::local {
namespace {

using Stamps = std::vector<std::optional<FileStamp>>;
using namespace std::chrono_literals;

class StampServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    place_ = os::canonical_path(os::make_temporary_folder(testing::TempDir(), "service-").value()).value();
    root_ = os::join_path(place_, "root");
    folder_ = os::join_path(place_, "watch");
    ASSERT_TRUE(os::make_folders(root_).ok());
    ASSERT_TRUE(os::write_file(at("a.yaml"), "a: 1\n").ok());
  }
  void TearDown() override { (void)os::remove_tree(place_).ok(); }

  std::string at(const std::string& path) const { return os::join_path(root_, path); }
  Stamps now() const { return {os::stamp_of(at("a.yaml")), os::stamp_of(at("absent.yaml"))}; }
  std::optional<Stamps> ask() const { return watched_stamps(folder_, root_, paths_); }

  // Asks until there is an answer: the files are watched from the first question on.
  std::optional<Stamps> ask_patiently() const {
    for (auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
      if (std::optional<Stamps> found = ask()) return found;
      std::this_thread::sleep_for(5ms);
    }
    return std::nullopt;
  }

  std::string place_;
  std::string root_;
  std::string folder_;  // of the service
  std::vector<std::string_view> paths_ = {"a.yaml", "absent.yaml"};
};

TEST_F(StampServiceTest, NobodyAnswersWhereNobodyWatches) {
  EXPECT_EQ(ask(), std::nullopt);
  {
    StampService service(folder_);
  }
  EXPECT_EQ(ask(), std::nullopt) << "it is gone";
}

TEST_F(StampServiceTest, TellsWhatTheSystemWouldAndSeesEveryChange) {
  StampService service(folder_);
  ASSERT_EQ(ask_patiently(), now());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(os::write_file(at("a.yaml"), std::to_string(i), {.durable = false}).ok());
    ASSERT_EQ(ask_patiently(), now());
  }
  ASSERT_TRUE(os::write_file(at("absent.yaml"), "b: 1\n").ok());
  EXPECT_EQ(ask_patiently(), now());
}

TEST_F(StampServiceTest, DoesNotSpeakOfAnotherFolderByTheSameName) {
  StampService service(folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  ASSERT_EQ(os::rename(root_, root_ + "-old").ok(), true);
  ASSERT_TRUE(os::make_folders(root_).ok());
  ASSERT_TRUE(os::write_file(at("a.yaml"), "a: 2\n").ok());
  EXPECT_EQ(ask_patiently(), now());
}

TEST_F(StampServiceTest, TheNextServiceTakesThePlaceOfTheFirst) {
  std::optional<StampService> first(std::in_place, folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  StampService second(folder_);
  first.reset();
  EXPECT_EQ(ask_patiently(), now());
}

TEST_F(StampServiceTest, WhateverIsSentToItTheOthersAreAnswered) {
  StampService service(folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  for (const std::string& bytes :
       {std::string(), std::string("pawlst01"), std::string(4096, '\xff'), std::string(60, 'x')}) {
    std::optional<os::LocalSocket> socket = os::LocalSocket::connect(folder_, "stamps", 1s);
    ASSERT_TRUE(socket.has_value());
    (void)socket->send(bytes);
    char byte = 0;
    EXPECT_FALSE(socket->receive(&byte, 1)) << "there is no answer to that";
    EXPECT_EQ(ask_patiently(), now());
  }
}

TEST_F(StampServiceTest, ComesBackAfterItsFolderWasDeleted) {
  StampService service(folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  ASSERT_TRUE(os::remove_tree(folder_).ok());
  EXPECT_EQ(ask(), std::nullopt);
  EXPECT_EQ(ask_patiently(), now());
}

TEST_F(StampServiceTest, ListensToItsUserAlone) {
  StampService service(folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  struct stat status{};
  ASSERT_EQ(::stat(folder_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0700u);
  ASSERT_EQ(::stat(os::join_path(folder_, "stamps").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

}  // namespace
}  // namespace pawl::local

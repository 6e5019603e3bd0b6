#include "adapters/local/stamp_service.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "os/descriptor.h"
#include "os/file.h"
#include "os/local_socket.h"

namespace pawl::local {
namespace {

using Numbers = std::vector<std::uint32_t>;
using namespace std::chrono_literals;

class StampServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    place_ = os::canonical_path(os::make_temporary_folder(testing::TempDir(), "service-").value()).value();
    root_ = os::join_path(place_, "root");
    folder_ = os::join_path(place_, "watch");
    ASSERT_TRUE(os::make_folders(root_).ok());
    ASSERT_TRUE(os::write_file(at("a.yaml"), "a: 1\n").ok());
    remember();
  }
  void TearDown() override { (void)os::remove_tree(place_).ok(); }

  std::string at(const std::string& path) const { return os::join_path(root_, path); }
  Numbers differing() const {
    Numbers out;
    for (std::uint32_t i = 0; i < paths_.size(); ++i) {
      if (os::stamp_of(at(std::string(paths_[i]))).value_or(FileStamp()) != stamps_[i]) out.push_back(i);
    }
    return out;
  }
  // What is known of the files from now on, under a name of its own.
  void remember() {
    stamps_.clear();
    for (std::string_view path : paths_) stamps_.push_back(os::stamp_of(at(std::string(path))).value_or(FileStamp()));
    id_ = crypto::sha256(id_.bytes());
  }
  std::optional<Numbers> ask() const { return watched_changes(folder_, root_, {id_, paths_, stamps_}); }

  // Asks until there is an answer: the files are watched from the first question on.
  std::optional<Numbers> ask_patiently() const {
    for (auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
      if (std::optional<Numbers> found = ask()) return found;
      std::this_thread::sleep_for(5ms);
    }
    return std::nullopt;
  }

  std::string place_;
  std::string root_;
  std::string folder_;  // of the service
  std::vector<std::string_view> paths_ = {"a.yaml", "absent.yaml"};
  std::vector<FileStamp> stamps_;
  crypto::Digest id_ = crypto::sha256("");
};

TEST_F(StampServiceTest, NobodyAnswersWhereNobodyWatches) {
  EXPECT_EQ(ask(), std::nullopt);
  {
    StampService service(folder_);
  }
  EXPECT_EQ(ask(), std::nullopt) << "it is gone";
}

TEST_F(StampServiceTest, TellsOfEveryChange) {
  StampService service(folder_);
  ASSERT_EQ(ask_patiently(), differing());
  EXPECT_EQ(ask(), Numbers());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(os::write_file(at("a.yaml"), std::to_string(i), {.durable = false}).ok());
    ASSERT_EQ(ask_patiently(), Numbers({0}));
    if (i % 10 == 0) remember();
  }
  ASSERT_TRUE(os::write_file(at("absent.yaml"), "b: 1\n").ok());
  EXPECT_EQ(ask_patiently(), Numbers({0, 1}));
}

TEST_F(StampServiceTest, DoesNotSpeakOfAnotherFolderByTheSameName) {
  StampService service(folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  ASSERT_EQ(os::rename(root_, root_ + "-old").ok(), true);
  ASSERT_TRUE(os::make_folders(root_).ok());
  ASSERT_TRUE(os::write_file(at("a.yaml"), "a: 2\n").ok());
  EXPECT_EQ(ask_patiently(), Numbers({0}));
}

TEST_F(StampServiceTest, TheNextServiceTakesThePlaceOfTheFirst) {
  std::optional<StampService> first(std::in_place, folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  StampService second(folder_);
  first.reset();
  EXPECT_EQ(ask_patiently(), differing());
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
    EXPECT_EQ(ask_patiently(), differing());
  }
}

TEST_F(StampServiceTest, ComesBackAfterItsFolderWasDeleted) {
  StampService service(folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  ASSERT_TRUE(os::remove_tree(folder_).ok());
  EXPECT_EQ(ask(), std::nullopt);
  EXPECT_EQ(ask_patiently(), differing());
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

// As another user, with a socket that is open to everybody: 0 where nothing is answered and nobody is trusted.
int ask_as_somebody_else(const std::string& folder) {
  constexpr uid_t kNobody = 65'534;
  if (::setuid(kNobody) != 0) return 1;
  if (os::LocalSocket::connect(folder, "stamps", 1s)) return 2;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  os::join_path(folder, "stamps").copy(address.sun_path, sizeof address.sun_path - 1);
  os::Descriptor raw(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(raw.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 3;
  char byte = 0;
  return ::read(raw.get(), &byte, 1) <= 0 ? 0 : 4;
}

TEST_F(StampServiceTest, AnswersNobodyElseEvenWhereTheyCanReachIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be two users";
  StampService service(folder_);
  ASSERT_TRUE(ask_patiently().has_value());
  ASSERT_EQ(::chmod(place_.c_str(), 0755) + ::chmod(folder_.c_str(), 0755), 0);
  ASSERT_EQ(::chmod(os::join_path(folder_, "stamps").c_str(), 0666), 0);
  pid_t child = ::fork();
  if (child == 0) ::_exit(ask_as_somebody_else(folder_));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace pawl::local

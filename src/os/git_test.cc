#include "os/git.h"

#include <gtest/gtest.h>

#include "os/file.h"

namespace pawl::os {
namespace {

TEST(GitProgram, UrlsThatMayBeAsked) {
  for (const char* good : {"https://example.com/a.git", "ssh://git@example.com:22/a", "git@example.com:a/b.git",
                           "file:///srv/a", "/srv/a", "http://127.0.0.1:3000/a", "http://localhost/a"})
    EXPECT_TRUE(check_git_url(good).ok()) << good;
}

TEST(GitAttack, X9_UrlsThatWouldRunAProgramOrLeak) {
  for (const char* bad :
       {"", "--upload-pack=touch /tmp/x", "-oProxyCommand=x", "ext::sh -c id", "fd::3", "ssh://-oProxyCommand=x/a",
        "-x@host:a", "git@-oProxyCommand=x:a", "http://example.com/a", "git://example.com/a", "ftp://a/b",
        "relative/path", "../x", "https://u:secret@example.com/a", "file://host/a", "https:///a", "https://a b/c",
        "https://a\n/c", "http://127.0.0.1.example.com/a"})
    EXPECT_EQ(check_git_url(bad).ok() ? "accepted" : "refused", std::string("refused")) << bad;
  EXPECT_EQ(check_git_url("https://u:secret@example.com/a").error().text().find("secret"), std::string::npos);
}

TEST(GitAttack, X9_NamesThatAreOptions) {
  for (const char* good : {"main", "release/1.2", "v1.0.0", "a-b_c@d"}) EXPECT_TRUE(check_git_name(good).ok()) << good;
  for (const char* bad : {"",     "--upload-pack=touch x",
                          "-b",   "a b",
                          "a..b", "a:b",
                          "a/",   "/a",
                          "a//b", ".a",
                          "a/.b", "a.lock",
                          "@",    "a@{1}",
                          "a~1",  "a^",
                          "a?b",  "a*",
                          "a[b",  "a\\b",
                          "a\nb", "a."})
    EXPECT_FALSE(check_git_name(bad).ok()) << bad;
}

TEST(GitProgram, NamesWhatIsNotThereAndHidesUsers) {
  std::string folder = make_temporary_folder("/tmp", "pawl-git-test-").value();
  Result<std::string> absent = git({}, {"", {"ls-remote", "--", "file://" + folder + "/none"}, ""});
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, ErrorCode::kNotFound) << absent.error().text();
  Result<std::string> down = git({}, {"", {"ls-remote", "--", "http://somebody@127.0.0.1:1/a"}, ""});
  ASSERT_FALSE(down.ok());
  EXPECT_EQ(down.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(down.error().text().find("somebody"), std::string::npos) << down.error().text();
  ASSERT_TRUE(make_bare_repository({}, folder + "/bare").ok());
  ASSERT_TRUE(make_bare_repository({}, folder + "/bare").ok()) << "again";
  ASSERT_TRUE(remove_tree(folder).ok());
}

}  // namespace
}  // namespace pawl::os

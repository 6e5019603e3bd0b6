#include "core/cel/lib/url.h"

#include <gtest/gtest.h>

namespace pawl::cel::lib {
namespace {

// Expectations are what Go's net/url and k8s.io/apiserver v0.34.4 answer.

// "[scheme, host, hostname, port, escaped path, {name: [values]}] text"
std::string told(const Url& url) {
  std::string query;
  for (const auto& [name, values] : url.query()) {
    query += (query.empty() ? "" : ", ") + name + ": [";
    for (std::size_t i = 0; i < values.size(); ++i) query += (i > 0 ? ", " : "") + values[i];
    query += "]";
  }
  return "[" + url.scheme + ", " + url.host + ", " + url.hostname() + ", " + url.port() + ", " + url.escaped_path() +
         ", {" + query + "}] " + url.text();
}

struct Reading {
  const char* text;
  const char* told;
};

TEST(Url, TellsItsParts) {
  const Reading readings[] = {
      {"http://example.com/path?k=v#f",
       "[http, example.com, example.com, , /path, {k: [v]}] http://example.com/path?k=v#f"},
      {"https://user:pa%20ss@host:8080/a/b c?x=1&y=2&x=3",
       "[https, host:8080, host, 8080, /a/b%20c, {x: [1, 3], y: [2]}] "
       "https://user:pa%20ss@host:8080/a/b%20c?x=1&y=2&x=3"},
      {"/abs/path", "[, , , , /abs/path, {}] /abs/path"},
      {"mailto:a@b.c", "[mailto, , , , , {}] mailto:a@b.c"},
      {"http://[::1]:80/", "[http, [::1]:80, ::1, 80, /, {}] http://[::1]:80/"},
      {"http://[fe80::1%25en0]/", "[http, [fe80::1%en0], fe80::1%en0, , /, {}] http://[fe80::1%25en0]/"},
      {"x://a:b:80/", "[x, a:b:80, a:b, 80, /, {}] x://a:b:80/"},
      {"*", "[, , , , *, {}] *"},
      {"http:", "[http, , , , , {}] http:"},
      {"HTTP://H/", "[http, H, H, , /, {}] http://H/"},
      {"http://h/?", "[http, h, h, , /, {}] http://h/?"},
      {"http://h/%41%2f?a=%zz&b=1;c&d=+%20", "[http, h, h, , /%41%2f, {d: [  ]}] http://h/%41%2f?a=%zz&b=1;c&d=+%20"},
      {"http://h/#a%20b^", "[http, h, h, , /, {}] http://h/#a%20b%5E"},
      {"http://h/[x]^\"<>", "[http, h, h, , /%5Bx%5D%5E%22%3C%3E, {}] http://h/%5Bx%5D%5E%22%3C%3E"},
      {"http://ünï.example/ü?ü",
       "[http, ünï.example, ünï.example, , /%C3%BC, {ü: []}] http://%C3%BCn%C3%AF.example/%C3%BC?ü"},
      {"http://h:/", "[http, h:, h, , /, {}] http://h:/"},
      {"///x", "[, , , , ///x, {}] ///x"},
      {"http://h?a=b&&=c&d", "[http, h, h, , , {: [c], a: [b], d: []}] http://h?a=b&&=c&d"},
      {"http://%c3%bc/", "[http, ü, ü, , /, {}] http://%C3%BC/"},
      {"http://h/a%2Fb", "[http, h, h, , /a%2Fb, {}] http://h/a%2Fb"},
  };
  for (const Reading& reading : readings) {
    Result<Url> url = Url::parse(reading.text);
    ASSERT_TRUE(url.ok()) << reading.text;
    EXPECT_EQ(told(*url), reading.told);
  }
}

TEST(Url, RefusesInGosWords) {
  const Reading refusals[] = {
      {"", "URL parse error during conversion from string: parse \"\": empty url"},
      {"a", "URL parse error during conversion from string: parse \"a\": invalid URI for request"},
      {"a/b", "URL parse error during conversion from string: parse \"a/b\": invalid URI for request"},
      {"http://h/%zz",
       "URL parse error during conversion from string: parse \"http://h/%zz\": invalid URL escape \"%zz\""},
      {"http://ho%20st/",
       "URL parse error during conversion from string: parse \"http://ho%20st/\": invalid URL escape \"%20\""},
      {"http://a b/",
       "URL parse error during conversion from string: parse \"http://a b/\": invalid character \" \" in host name"},
      {"http://[1.2.3.4]/",
       "URL parse error during conversion from string: parse \"http://[1.2.3.4]/\": invalid IP-literal"},
      {"http://[::1/", "URL parse error during conversion from string: parse \"http://[::1/\": missing ']' in host"},
      {"http://h:8a/",
       "URL parse error during conversion from string: parse \"http://h:8a/\": invalid port \":8a\" after host"},
      {"x://a[b/", "URL parse error during conversion from string: parse \"x://a[b/\": invalid IP-literal"},
      {"http://h\x7f/",
       "URL parse error during conversion from string: parse \"http://h\\x7f/\": net/url: invalid control character in "
       "URL"},
      {":x", "URL parse error during conversion from string: parse \":x\": missing protocol scheme"},
      {"1http://x", "URL parse error during conversion from string: parse \"1http://x\": invalid URI for request"},
      {"http://a@b@c/%",
       "URL parse error during conversion from string: parse \"http://a@b@c/%\": invalid URL escape \"%\""},
      {"http://h/#%zz",
       "URL parse error during conversion from string: parse \"http://h/#%zz\": invalid URL escape \"%zz\""},
      {"http://u{@h/",
       "URL parse error during conversion from string: parse \"http://u{@h/\": net/url: invalid userinfo"},
  };
  for (const Reading& refusal : refusals) {
    Result<Url> url = Url::parse(refusal.text);
    ASSERT_FALSE(url.ok()) << refusal.text;
    EXPECT_EQ(url.error().message, refusal.told);
  }
}

TEST(Url, ReadsNoMoreThanTenThousandParameters) {
  std::string text = "/?a=1";
  for (int i = 1; i < 10'000; ++i) text += "&a";
  EXPECT_EQ(Url::parse(text)->query().at("a").size(), 10'000u);
  EXPECT_TRUE(Url::parse(text + "&a")->query().empty());
}

}  // namespace
}  // namespace pawl::cel::lib

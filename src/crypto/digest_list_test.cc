#include "crypto/digest_list.h"

#include <gtest/gtest.h>

#include <vector>

#include "crypto/sha_instructions.h"

namespace pawl::crypto {
namespace {

// Bytes that repeat nowhere near a block's length.
std::string bytes_of(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>((i * i + 7 * i) >> 3);
  return bytes;
}

// What OpenSSL makes of the messages, one at a time.
std::string one_by_one(std::string_view prefix, std::span<const std::string_view> messages) {
  std::string digests;
  for (std::string_view message : messages) digests += sha256(prefix, message).bytes();
  return digests;
}

TEST(DigestList, KnownAnswer) {
  std::vector<std::string_view> messages = {"abc"};
  EXPECT_EQ(Digest::from_bytes(sha256_list("", messages)).hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DigestList, EveryLengthAgreesWithOpenSsl) {
  std::string bytes = bytes_of(1'500);
  std::vector<std::string_view> messages;
  for (std::size_t length = 0; length <= 520; ++length) {
    messages.push_back(std::string_view(bytes).substr(length, length));
  }
  for (std::string_view prefix : {"", "\1", "a prefix"}) {
    EXPECT_EQ(sha256_list(prefix, messages), one_by_one(prefix, messages)) << prefix.size();
  }
}

TEST(DigestList, ListsOfFewMessagesAndVeryDifferentLengths) {
  std::string bytes = bytes_of(70'000);
  std::string_view all(bytes);
  std::vector<std::string_view> messages = {all,          all.substr(0, 1), all.substr(3, 64), "",
                                            all.substr(9), all.substr(0, 55), all.substr(0, 119)};
  for (std::size_t first = 0; first < messages.size(); ++first) {
    for (std::size_t count = 0; first + count <= messages.size(); ++count) {
      std::span<const std::string_view> list = std::span(messages).subspan(first, count);
      EXPECT_EQ(sha256_list("\1", list), one_by_one("\1", list)) << first << " " << count;
    }
  }
}

TEST(ShaInstructions, TwoBlocksSideBySideAreTheStandardsCompression) {
  if (!has_sha_instructions()) GTEST_SKIP() << "this processor has no SHA instructions";
  std::string abc = "abc\x80" + std::string(59, '\0') + '\x18';
  std::string empty = "\x80" + std::string(63, '\0');
  ShaState a = kShaStart;
  ShaState b = kShaStart;
  compress_pair({&a, abc.data()}, {&b, empty.data()}, 1);
  EXPECT_EQ(a[0], 0xba7816bfu);
  EXPECT_EQ(a[7], 0xf20015adu);
  EXPECT_EQ(b[0], 0xe3b0c442u);
  EXPECT_EQ(b[7], 0x7852b855u);
}

}  // namespace
}  // namespace pawl::crypto

#include "crypto/digest_list.h"

#include <algorithm>

#include "crypto/sha_instructions.h"

namespace pawl::crypto {

namespace {

constexpr std::size_t kLengthBytes = 8;

void put_big_endian(std::uint64_t value, std::size_t bytes, char* to) {
  for (std::size_t i = bytes; i-- > 0; value >>= 8) to[i] = static_cast<char>(value & 0xFF);
}

// A message that is being hashed, padded as FIPS 180-4 section 5.1.1 says.
class Message {
 public:
  void start(std::string_view prefix, std::string_view text, char* digest) {
    std::size_t length = prefix.size() + text.size();
    blocks_ = (length + 1 + kLengthBytes + kShaBlock - 1) / kShaBlock;
    if (padded_.size() < blocks_ * kShaBlock) padded_.resize(blocks_ * kShaBlock);
    char* end = std::copy(text.begin(), text.end(), std::copy(prefix.begin(), prefix.end(), padded_.data()));
    *end++ = '\x80';
    char* size = padded_.data() + blocks_ * kShaBlock - kLengthBytes;
    std::fill(end, size, '\0');
    put_big_endian(8 * static_cast<std::uint64_t>(length), kLengthBytes, size);
    state_ = kShaStart;
    taken_ = 0;
    digest_ = digest;
  }

  std::size_t left() const { return blocks_ - taken_; }
  ShaLane take(std::size_t blocks) {
    const char* first = padded_.data() + taken_ * kShaBlock;
    taken_ += blocks;
    return {&state_, first};
  }
  // Writes the digest once every block was taken in.
  void finish() const {
    if (left() > 0) return;
    for (std::size_t i = 0; i < state_.size(); ++i) put_big_endian(state_[i], 4, digest_ + 4 * i);
  }

 private:
  std::string padded_;  // the last message's bytes may stand behind this one's
  std::size_t blocks_ = 0;
  std::size_t taken_ = 0;
  ShaState state_ = kShaStart;
  char* digest_ = nullptr;
};

// The messages of a list on their way through two lanes; a lane that is done goes on with the next message.
class Lanes {
 public:
  Lanes(std::string_view prefix, std::span<const std::string_view> messages, char* digests)
      : prefix_(prefix), messages_(messages), digests_(digests) {}

  void run() {
    while (refill(a_) && refill(b_)) {
      std::size_t blocks = std::min(a_.left(), b_.left());
      compress_pair(a_.take(blocks), b_.take(blocks), blocks);
      a_.finish();
      b_.finish();
    }
    finish_alone(a_);
    finish_alone(b_);
  }

 private:
  // False when the lane is empty and nothing is left to fill it with.
  bool refill(Message& lane) {
    if (lane.left() > 0) return true;
    if (next_ == messages_.size()) return false;
    lane.start(prefix_, messages_[next_], digests_ + next_ * Digest::kSize);
    ++next_;
    return true;
  }
  // The last message has nobody beside it but its own double.
  static void finish_alone(Message& lane) {
    std::size_t blocks = lane.left();
    if (blocks == 0) return;
    ShaLane last = lane.take(blocks);
    ShaState twin = *last.state;
    compress_pair(last, {&twin, last.blocks}, blocks);
    lane.finish();
  }

  std::string_view prefix_;
  std::span<const std::string_view> messages_;
  char* digests_;
  std::size_t next_ = 0;
  Message a_, b_;
};

}  // namespace

std::string sha256_list(std::string_view prefix, std::span<const std::string_view> messages) {
  std::string digests(messages.size() * Digest::kSize, '\0');
  if (has_sha_instructions()) {
    Lanes(prefix, messages, digests.data()).run();
    return digests;
  }
  for (std::size_t i = 0; i < messages.size(); ++i) {
    sha256(prefix, messages[i]).bytes().copy(&digests[i * Digest::kSize], Digest::kSize);
  }
  return digests;
}

}  // namespace pawl::crypto

#include "adapters/keys/passphrase.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "adapters/keys/key_file.h"
#include "os/system.h"

namespace pawl::keys {

namespace {

constexpr std::size_t kLongest = 4'096;

std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

Result<int> descriptor_of(const std::string& text) {
  Error bad(ErrorCode::kUsage, "PAWL_KEY_PASSPHRASE_FD is not the number of an open file");
  if (text.empty() || text.size() > 6) return bad;
  int number = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return bad;
    number = number * 10 + (c - '0');
  }
  return number;
}

Result<std::string> read_descriptor(int descriptor) {
  std::string text;
  std::array<char, 512> buffer{};
  while (true) {
    ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error(ErrorCode::kUsage, "PAWL_KEY_PASSPHRASE_FD is not the number of an open file");
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kLongest)
      return Error(ErrorCode::kInvalid, "PAWL_KEY_PASSPHRASE_FD holds no passphrase: it is too long");
  }
}

}  // namespace

Result<std::optional<std::string>> read_passphrase() {
  if (auto path = os::environment("PAWL_KEY_PASSPHRASE_FILE")) {
    PAWL_ASSIGN_WITHIN(std::string text, read_secret_file(*path), "reading PAWL_KEY_PASSPHRASE_FILE");
    return std::optional<std::string>(without_line_end(std::move(text)));
  }
  if (auto number = os::environment("PAWL_KEY_PASSPHRASE_FD")) {
    PAWL_ASSIGN(int descriptor, descriptor_of(*number));
    PAWL_ASSIGN(std::string text, read_descriptor(descriptor));
    return std::optional<std::string>(without_line_end(std::move(text)));
  }
  return os::environment("PAWL_KEY_PASSPHRASE");
}

}  // namespace pawl::keys

#include "os/system.h"

#include <pwd.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

#include "base/check.h"
#include "os/file.h"

namespace pawl::os {

Time wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    ssize_t got = ::getrandom(out.data() + have, count - have, 0);
    check(got > 0, "the kernel gives random numbers");
    have += static_cast<std::size_t>(got);
  }
  return out;
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody here changes the environment
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "uid-" + std::to_string(::geteuid());
}

std::string host_name() {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return "localhost";
  return buffer.data();
}

unsigned processor_count() { return std::max(1u, std::thread::hardware_concurrency()); }

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

int terminal_width() {
  winsize size{};
  bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

std::string user_folder(const std::string& kind) {
  bool config = kind == "config";
  bool state = kind == "state";
  const char* variable = config ? "XDG_CONFIG_HOME" : state ? "XDG_STATE_HOME" : "XDG_CACHE_HOME";
  std::optional<std::string> base = environment(variable);
  if (base && base->starts_with('/')) return join_path(*base, "pawl");
  std::string home = environment("HOME").value_or("/nonexistent");
  return join_path(home, config ? ".config/pawl" : state ? ".local/state/pawl" : ".cache/pawl");
}

}  // namespace pawl::os

#include "os/local_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace pawl::os {

namespace {

// By way of the open folder: an address holds some hundred characters, and a path may be longer.
std::optional<sockaddr_un> address_in(const Descriptor& folder, const std::string& name) {
  std::string path = "/proc/self/fd/" + std::to_string(folder.get()) + "/" + name;
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  return address;
}

Descriptor open_folder(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

Descriptor new_socket(int options) { return Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | options, 0)); }

const sockaddr* general(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the interface is made so
}

// Whether the other side is this user's.
bool is_ours(const Descriptor& connected) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(connected.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

bool set_patience(const Descriptor& socket, std::chrono::milliseconds patience) {
  timeval limit{.tv_sec = patience.count() / 1'000, .tv_usec = patience.count() % 1'000 * 1'000};
  return ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
         ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0;
}

}  // namespace

std::optional<LocalSocket> LocalSocket::connect(const std::string& folder, const std::string& name,
                                                std::chrono::milliseconds patience) {
  Descriptor opened = open_folder(folder);
  if (!opened.ok()) return std::nullopt;
  std::optional<sockaddr_un> address = address_in(opened, name);
  Descriptor socket = new_socket(0);
  if (!address || !socket.ok() || !set_patience(socket, patience)) return std::nullopt;
  if (::connect(socket.get(), general(*address), sizeof *address) != 0 || !is_ours(socket)) return std::nullopt;
  return LocalSocket(std::move(socket));
}

bool LocalSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t put = ::send(open_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

bool LocalSocket::receive(char* into, std::size_t bytes) {
  while (bytes > 0) {
    ssize_t got = ::recv(open_.get(), into, bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into += got;
    bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

Result<LocalListener> LocalListener::open(const std::string& folder, const std::string& name) {
  Descriptor opened = open_folder(folder);
  std::optional<sockaddr_un> address = address_in(opened, name);
  Descriptor socket = new_socket(SOCK_NONBLOCK);
  constexpr int kWaiting = 64;
  bool listens = opened.ok() && address && socket.ok() && ::fchmod(socket.get(), 0600) == 0 &&
                 (::unlinkat(opened.get(), name.c_str(), 0) == 0 || errno == ENOENT) &&
                 ::bind(socket.get(), general(*address), sizeof *address) == 0 && ::listen(socket.get(), kWaiting) == 0;
  if (!listens) {
    return Error(ErrorCode::kUnavailable,
                 "cannot listen in " + folder + ": " + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  }
  return LocalListener(std::move(socket));
}

std::optional<LocalSocket> LocalListener::accept(std::chrono::milliseconds patience) {
  Descriptor socket(::accept4(open_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket.ok() || !is_ours(socket) || !set_patience(socket, patience)) return std::nullopt;
  return LocalSocket(std::move(socket));
}

}  // namespace pawl::os

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"

namespace pawl::testing_support {

struct ServedRequest {
  std::string method;
  std::string path;                            // with the query
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::optional<std::size_t> content_length;  // a lie about the body
  bool reset = false;                         // answer nothing, break the connection off
  std::size_t endless = 0;                    // instead of a body: up to so many bytes of it, in chunks
};

// An HTTP server on loopback that answers whatever it is told to: for registries that lie. One request a connection.
class HttpServer {
 public:
  using Handler = std::function<Reply(const ServedRequest&)>;

  explicit HttpServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bool up = ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listener_, 16) == 0 &&
              ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    check(up, "a server on loopback");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~HttpServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url() const { return "http://" + host(); }
  std::vector<ServedRequest> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    while (!stopping_) {
      int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      answer(connection);
      ::close(connection);
    }
  }

  void answer(int connection) {
    std::string received;
    std::size_t head_end = std::string::npos;
    while (head_end == std::string::npos && take(connection, received)) head_end = received.find("\r\n\r\n");
    if (head_end == std::string::npos) return;
    ServedRequest request = parse(received.substr(0, head_end));
    std::size_t length = 0;
    if (auto given = request.headers.find("content-length"); given != request.headers.end())
      std::from_chars(given->second.data(), given->second.data() + given->second.size(), length);
    while (received.size() < head_end + 4 + length && take(connection, received)) {
    }
    request.body = received.substr(head_end + 4);
    {
      std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    reply(connection, handler_(request));
  }

  static bool take(int connection, std::string& into) {
    char buffer[4096];
    ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
    if (count > 0) into.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }

  static ServedRequest parse(const std::string& head) {
    ServedRequest out;
    std::vector<std::string_view> lines = split(head, '\n');
    std::vector<std::string_view> words = split(trim(lines[0]), ' ');
    if (words.size() > 1) out = {std::string(words[0]), std::string(words[1]), {}, ""};
    for (std::string_view line : lines) {
      std::size_t colon = line.find(':');
      if (colon != std::string_view::npos) out.headers[to_lower(line.substr(0, colon))] = trim(line.substr(colon + 1));
    }
    return out;
  }

  static bool give(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t count = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  static void reply(int connection, const Reply& reply) {
    if (reply.reset) {
      linger hard{1, 0};
      ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
      return;
    }
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\nConnection: close\r\n";
    for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
    if (reply.endless == 0)
      head += "Content-Length: " + std::to_string(reply.content_length.value_or(reply.body.size())) + "\r\n";
    if (!give(connection, head + "\r\n" + reply.body)) return;
    std::string chunk(64 << 10, 'x');
    for (std::size_t sent = 0; sent < reply.endless && give(connection, chunk); sent += chunk.size()) {
    }
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<ServedRequest> requests_;
  std::thread thread_;
};

}  // namespace pawl::testing_support

#include "os/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>

#include "base/text.h"

namespace pawl::os {

namespace {

// libcurl and the two dozen libraries behind it cost a cold process several milliseconds, and most verbs make no call:
// it is loaded when the first one is made.
struct Curl {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_setopt) setopt = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) getinfo = nullptr;
  decltype(&curl_easy_reset) reset = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
  bool loaded = false;

  static const Curl& get() {
    static const Curl kCurl = load();
    return kCurl;
  }

 private:
  template <class F>
  static bool find(void* library, const char* name, F& function) {
    function = reinterpret_cast<F>(::dlsym(library, name));
    return function != nullptr;
  }
  static Curl load() {
    Curl c;
    void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    c.loaded = library != nullptr && find(library, "curl_global_init", c.global_init) &&
               find(library, "curl_easy_init", c.easy_init) && find(library, "curl_easy_setopt", c.setopt) &&
               find(library, "curl_easy_perform", c.perform) && find(library, "curl_easy_getinfo", c.getinfo) &&
               find(library, "curl_easy_reset", c.reset) && find(library, "curl_easy_cleanup", c.cleanup) &&
               find(library, "curl_easy_strerror", c.strerror) && find(library, "curl_slist_append", c.slist_append) &&
               find(library, "curl_slist_free_all", c.slist_free_all);
    if (c.loaded) c.global_init(CURL_GLOBAL_DEFAULT);
    return c;
  }
};

constexpr std::size_t kMostHeaders = 200;
constexpr std::size_t kMostHeaderBytes = 64 << 10;

// One exchange at work; what the callbacks see.
struct Exchange {
  const Context& context;
  const HttpRequest& request;
  HttpResponse response;
  std::size_t header_bytes = 0;
  bool too_large = false;
  bool refused_address = false;
};

bool is_private_v4(std::uint32_t a) {
  auto in = [&](std::uint32_t network, int bits) { return (a >> (32 - bits)) == (network >> (32 - bits)); };
  return in(0x00000000, 8) || in(0x0A000000, 8) || in(0x64400000, 10) || in(0x7F000000, 8) || in(0xA9FE0000, 16) ||
         in(0xAC100000, 12) || in(0xC0000000, 24) || in(0xC0A80000, 16) || in(0xC6120000, 15) || a >= 0xE0000000;
}

bool is_private_v6(const in6_addr& address) {
  const std::uint8_t* b = address.s6_addr;
  auto v4_at = [&](int i) {
    return static_cast<std::uint32_t>(b[i]) << 24 | static_cast<std::uint32_t>(b[i + 1]) << 16 |
           static_cast<std::uint32_t>(b[i + 2]) << 8 | b[i + 3];
  };
  bool zeros12 = std::all_of(b, b + 10, [](std::uint8_t x) { return x == 0; });
  if (zeros12 && b[10] == 0xFF && b[11] == 0xFF) return is_private_v4(v4_at(12));  // ::ffff:a.b.c.d
  if (zeros12 && b[10] == 0 && b[11] == 0) return true;                            // ::, ::1, ::a.b.c.d
  bool nat64 = b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xFF && b[3] == 0x9B;
  if (nat64) return is_private_v4(v4_at(12));
  return (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0x80) ||
         b[0] == 0xFF;  // fc00::/7, fe80::/10, ff00::/8
}

bool is_private(const sockaddr* address) {
  if (address->sa_family == AF_INET)
    return is_private_v4(ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr));
  if (address->sa_family == AF_INET6) return is_private_v6(reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
  return true;
}

// Judged when the socket is made, on the address that a name came to: a name that changes its mind is no way around.
curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* address) {
  auto* exchange = static_cast<Exchange*>(data);
  if (!exchange->request.allow_private_addresses && is_private(&address->addr)) {
    exchange->refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* data) {
  auto* exchange = static_cast<Exchange*>(data);
  std::size_t length = size * count;
  if (exchange->response.body.size() + length > exchange->request.max_bytes) {
    exchange->too_large = true;
    return 0;
  }
  exchange->response.body.append(bytes, length);
  return length;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* data) {
  auto* exchange = static_cast<Exchange*>(data);
  std::string_view line(bytes, size * count);
  exchange->header_bytes += line.size();
  if (exchange->header_bytes > kMostHeaderBytes || exchange->response.headers.size() > kMostHeaders) {
    exchange->too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) exchange->response.headers.clear();  // of an interim answer
  std::size_t colon = line.find(':');
  if (colon != std::string_view::npos)
    exchange->response.headers.push_back(
        {to_lower(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  return line.size();
}

int stop_when_told(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Exchange*>(data)->context.stop.stop_requested() ? 1 : 0;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Status check_request(const HttpRequest& request) {
  bool http = request.url.starts_with("https://") || request.url.starts_with("http://");
  if (!http || has_control(request.url))
    return Error(ErrorCode::kInvalid,
                 "\"" + escape_terminal(request.url.substr(0, 200)) + "\" is not an http or https URL");
  for (const HttpHeader& header : request.headers) {
    if (has_control(header.name) || has_control(header.value))
      return Error(ErrorCode::kInvalid, "a header of the request holds control characters");
  }
  return {};
}

// What is shown of a URL: no user, no query, where tokens may be.
std::string shown(const std::string& url) {
  std::string out = url.substr(0, url.find('?'));
  std::size_t at = out.find('@');
  std::size_t scheme = out.find("://");
  if (at != std::string::npos && scheme != std::string::npos) out = out.substr(0, scheme + 3) + out.substr(at + 1);
  return escape_terminal(out.substr(0, 300));
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

struct HttpClient::State {
  std::mutex mutex;
  std::vector<CURL*> idle;  // with their connections
};

HttpClient::HttpClient() : state_(new State) {}

HttpClient::~HttpClient() {
  for (CURL* handle : state_->idle) Curl::get().cleanup(handle);
  delete state_;
}

namespace {

void prepare(const Curl& c, CURL* handle, Exchange& exchange, curl_slist* headers) {
  const HttpRequest& request = exchange.request;
  c.setopt(handle, CURLOPT_URL, request.url.c_str());
  c.setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  c.setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  c.setopt(handle, CURLOPT_NOSIGNAL, 1L);
  c.setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") c.setopt(handle, CURLOPT_NOBODY, 1L);
  if (!request.body.empty()) {
    c.setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    c.setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  c.setopt(handle, CURLOPT_HTTPHEADER, headers);
  c.setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  c.setopt(handle, CURLOPT_WRITEDATA, &exchange);
  c.setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  c.setopt(handle, CURLOPT_HEADERDATA, &exchange);
  c.setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  c.setopt(handle, CURLOPT_OPENSOCKETDATA, &exchange);
  c.setopt(handle, CURLOPT_XFERINFOFUNCTION, stop_when_told);
  c.setopt(handle, CURLOPT_XFERINFODATA, &exchange);
  c.setopt(handle, CURLOPT_NOPROGRESS, 0L);
  c.setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 100L);
  c.setopt(handle, CURLOPT_LOW_SPEED_TIME, 30L);
  c.setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
  // The library reads the proxies of the environment by itself, and SSL_CERT_FILE not.
  if (const char* roots = std::getenv("SSL_CERT_FILE")) c.setopt(handle, CURLOPT_CAINFO, roots);
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(exchange.context.deadline -
                                                                    std::chrono::steady_clock::now())
                  .count();
  constexpr std::int64_t kLongest = 10 * 60 * 1000;
  c.setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::clamp<std::int64_t>(left, 1, kLongest)));
}

Error explain(const Curl& c, CURLcode code, const Exchange& exchange) {
  std::string url = shown(exchange.request.url);
  if (exchange.context.stop.stop_requested()) return Error(ErrorCode::kInterrupted, "stopped on request");
  if (exchange.refused_address) return Error(ErrorCode::kDenied, url + " leads to a private address");
  if (exchange.too_large)
    return Error(ErrorCode::kInvalid,
                 url + " answers with more than " + std::to_string(exchange.request.max_bytes) + " bytes");
  if (code == CURLE_OPERATION_TIMEDOUT) return Error(ErrorCode::kTimeout, url + " did not answer in time");
  if (code == CURLE_PARTIAL_FILE) return Error(ErrorCode::kInvalid, url + " sent less than it announced");
  return Error(ErrorCode::kUnavailable, url + ": " + c.strerror(code));
}

}  // namespace

Result<HttpResponse> HttpClient::send(const Context& context, const HttpRequest& request) {
  PAWL_TRY(check_request(request));
  PAWL_TRY(context.proceed());
  const Curl& c = Curl::get();
  if (!c.loaded) return Error(ErrorCode::kUnavailable, "libcurl.so.4 is not installed", "apt-get install libcurl4");
  CURL* handle = nullptr;
  {
    std::lock_guard lock(state_->mutex);
    if (!state_->idle.empty()) {
      handle = state_->idle.back();
      state_->idle.pop_back();
    }
  }
  if (handle == nullptr) handle = c.easy_init();
  Exchange exchange{context, request, {}, 0, false, false};
  curl_slist* headers = nullptr;
  for (const HttpHeader& header : request.headers)
    headers = c.slist_append(headers, (header.name + ": " + header.value).c_str());
  prepare(c, handle, exchange, headers);
  CURLcode code = c.perform(handle);
  long status = 0;
  c.getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  c.slist_free_all(headers);
  c.reset(handle);
  {
    std::lock_guard lock(state_->mutex);
    state_->idle.push_back(handle);
  }
  if (code != CURLE_OK) return explain(c, code, exchange);
  exchange.response.status = static_cast<int>(status);
  return std::move(exchange.response);
}

}  // namespace pawl::os

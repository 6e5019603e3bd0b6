#include "tests/support/docker_registry.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "base/check.h"
#include "base/text.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::testing_support {

namespace {

constexpr const char* kIndex = "application/vnd.oci.image.index.v1+json";
constexpr const char* kManifest = "application/vnd.oci.image.manifest.v1+json";

std::string find_program() {
  std::string path = os::environment("PATH").value_or("");
  for (std::string_view folder : split(path, ':')) {
    std::string candidate = os::join_path(folder, "docker-registry");
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

int free_port() {
  int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bool found = ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
               ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  check(found, "a free port on loopback");
  ::close(descriptor);
  return ntohs(address.sin_port);
}

std::string descriptor(const std::string& type, const std::string& digest, std::size_t size,
                       const std::string& more = "") {
  return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + std::to_string(size) + more + "}";
}

}  // namespace

bool DockerRegistry::is_installed() { return !find_program().empty(); }

Result<std::unique_ptr<DockerRegistry>> DockerRegistry::start() {
  if (!is_installed()) return Error(ErrorCode::kNotFound, "docker-registry is not installed");
  std::unique_ptr<DockerRegistry> out(new DockerRegistry);
  PAWL_ASSIGN(out->folder_, os::make_temporary_folder("/tmp", "pawl-registry-"));
  out->port_ = free_port();
  std::string config = "version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: " + out->folder_ +
                       "/data } }\nhttp: { addr: 127.0.0.1:" + std::to_string(out->port_) + " }\n";
  PAWL_TRY(os::write_file(out->folder_ + "/config.yml", config));
  out->launch();
  PAWL_TRY(out->wait_until_ready());
  return out;
}

DockerRegistry::~DockerRegistry() {
  stop();
  if (!folder_.empty()) static_cast<void>(os::remove_tree(folder_));
}

// Not os::run, which waits for the end.
void DockerRegistry::launch() {
  std::string program = find_program();
  std::string config = folder_ + "/config.yml";
  process_ = ::fork();
  check(process_ >= 0, "fork");
  if (process_ > 0) return;
  int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int stream : {0, 1, 2}) ::dup2(null, stream);
  ::execl(program.c_str(), program.c_str(), "serve", config.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

Status DockerRegistry::wait_until_ready() {
  os::HttpRequest request;
  request.url = "http://" + host() + "/v2/";
  for (int i = 0; i < 200; ++i) {
    Result<os::HttpResponse> response = http_.send(Context().within(std::chrono::seconds(1)), request);
    if (response.ok() && response->status == 200) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return Error(ErrorCode::kTimeout, "docker-registry did not start");
}

std::string DockerRegistry::host() const { return "127.0.0.1:" + std::to_string(port_); }

void DockerRegistry::stop() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

os::HttpResponse DockerRegistry::send(os::HttpRequest request, int wanted_status) {
  Result<os::HttpResponse> response = http_.send(Context().within(std::chrono::seconds(20)), request);
  check(response.ok() && response->status == wanted_status, "the test's registry takes what is pushed");
  return *response;
}

std::string DockerRegistry::push_blob(const std::string& repository, const std::string& bytes) {
  std::string digest = crypto::sha256(bytes).str();
  os::HttpRequest begin;
  begin.method = "POST";
  begin.url = "http://" + host() + "/v2/" + repository + "/blobs/uploads/";
  begin.headers = {{"Content-Length", "0"}};
  std::string location(send(begin, 202).header("location"));
  os::HttpRequest put;
  put.method = "PUT";
  put.url = location + (location.find('?') == std::string::npos ? "?" : "&") + "digest=" + digest;
  put.headers = {{"Content-Type", "application/octet-stream"}};
  put.body = bytes;
  send(put, 201);
  return digest;
}

std::string DockerRegistry::push_manifest(const std::string& repository, const std::string& version,
                                          const std::string& bytes, const std::string& type) {
  os::HttpRequest put;
  put.method = "PUT";
  put.url = "http://" + host() + "/v2/" + repository + "/manifests/" + version;
  put.headers = {{"Content-Type", type}};
  put.body = bytes;
  send(put, 201);
  return crypto::sha256(bytes).str();
}

std::string DockerRegistry::image_manifest(const std::string& repository, const std::string& salt) {
  std::string config = "{\"salt\":\"" + salt + "\"}";
  std::string layer = "layer " + salt;
  return std::string("{\"schemaVersion\":2,\"mediaType\":\"") + kManifest + "\",\"config\":" +
         descriptor("application/vnd.oci.image.config.v1+json", push_blob(repository, config), config.size()) +
         ",\"layers\":[" +
         descriptor("application/vnd.oci.image.layer.v1.tar+gzip", push_blob(repository, layer), layer.size()) + "]}";
}

crypto::Digest DockerRegistry::push_image(const std::string& repository, const std::string& tag,
                                          const std::string& salt) {
  std::string bytes = image_manifest(repository, salt);
  push_manifest(repository, tag, bytes, kManifest);
  return crypto::sha256(bytes);
}

crypto::Digest DockerRegistry::push_index(const std::string& repository, const std::string& tag,
                                          const std::vector<std::string>& platforms, const std::string& salt) {
  std::vector<std::string> entries;
  for (const std::string& platform : platforms) {
    std::string bytes = image_manifest(repository, platform + salt);
    std::string digest = push_manifest(repository, crypto::sha256(bytes).str(), bytes, kManifest);
    std::vector<std::string_view> parts = split(platform, '/');
    check(parts.size() == 2, "a platform is OS/ARCHITECTURE");
    std::string more =
        ",\"platform\":{\"os\":\"" + std::string(parts[0]) + "\",\"architecture\":\"" + std::string(parts[1]) + "\"}";
    entries.push_back(descriptor(kManifest, digest, bytes.size(), more));
  }
  std::string index =
      std::string("{\"schemaVersion\":2,\"mediaType\":\"") + kIndex + "\",\"manifests\":[" + join(entries, ",") + "]}";
  push_manifest(repository, tag, index, kIndex);
  return crypto::sha256(index);
}

}  // namespace pawl::testing_support

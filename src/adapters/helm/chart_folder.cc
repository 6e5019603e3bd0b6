#include "adapters/helm/chart_folder.h"

#include <utility>

#include "os/file.h"

namespace pawl::helm {

namespace {

constexpr os::WriteOptions kScratch = {.durable = false};

// A zone fourteen hours east of Greenwich (RFC 8536, version 1): there need be no zone files where the program runs.
std::string far_zone() {
  std::string out = "TZif";
  out.append(16, '\0');  // version and reserved
  auto put = [&out](std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFF);
  };
  for (std::uint32_t count : {0u, 0u, 0u, 0u, 1u, 4u}) put(count);
  put(14 * 3600);
  out += std::string("\0\0FAR\0", 6);
  return out;
}

std::string values_name(std::size_t index) { return "values-" + std::to_string(index) + ".yaml"; }

}  // namespace

Result<ChartFolder> ChartFolder::make(const std::string& parent) {
  PAWL_ASSIGN(std::string root, os::make_temporary_folder(parent, "pawl-helm-"));
  ChartFolder folder(std::move(root));
  for (const char* name : {"work/home", "work/other", "work/tmp"})
    PAWL_TRY(os::make_folders(os::join_path(folder.root_, name), 0700));
  PAWL_TRY(os::write_file(os::join_path(folder.root_, "work/zone"), far_zone(), kScratch));
  return folder;
}

ChartFolder::ChartFolder(ChartFolder&& other) noexcept : root_(std::exchange(other.root_, {})) {}

ChartFolder::~ChartFolder() {
  // What cannot be removed lies in the temporary folder, which is swept by others.
  if (!root_.empty()) (void)os::remove_tree(root_).ok();
}

Status ChartFolder::lay_out(const model::ChartRequest& request) {
  std::string chart = os::join_path(root_, "work/chart");
  PAWL_TRY(os::make_folders(chart, 0700));
  for (const format::TreeFile& file : request.files) {
    PAWL_ASSIGN(std::string path, os::join_checked(chart, file.path));
    PAWL_TRY(os::make_folders(path.substr(0, path.rfind('/')), 0700));
    PAWL_TRY(os::write_file(path, file.bytes, kScratch));
  }
  for (std::size_t i = 0; i < request.values.size(); ++i)
    PAWL_TRY(os::write_file(os::join_path(root_, "work/" + values_name(i)), request.values[i], kScratch));
  return {};
}

std::map<std::string, std::string> ChartFolder::environment(const std::string& prefix,
                                                            ports::Surroundings surroundings) const {
  bool plain = surroundings == ports::Surroundings::kPlain;
  std::string work = prefix + "/work";
  std::string home = work + (plain ? "/home" : "/other");
  return {{"HOME", home},
          {"TMPDIR", work + "/tmp"},
          {"PATH", "/nonexistent"},
          {"LANG", plain ? "C.UTF-8" : "tr_TR.UTF-8"},
          {"LC_ALL", plain ? "C.UTF-8" : "tr_TR.UTF-8"},
          {"TZ", plain ? "UTC" : ":" + work + "/zone"},
          {"USER", plain ? "pawl" : "somebody"},
          {"HELM_CACHE_HOME", home + "/cache"},
          {"HELM_CONFIG_HOME", home + "/config"},
          {"HELM_DATA_HOME", home + "/data"},
          {"HELM_PLUGINS", home + "/plugins"},
          {"HELM_REGISTRY_CONFIG", home + "/registry.json"},
          {"HELM_REPOSITORY_CACHE", home + "/repository"},
          {"HELM_REPOSITORY_CONFIG", home + "/repositories.yaml"},
          {"KUBECONFIG", home + "/none"}};
}

std::vector<std::string> template_command(const model::ChartRequest& request) {
  std::vector<std::string> out = {"helm", "template", "--namespace=" + request.space,
                                  "--kube-version=" + request.kube_version, "--skip-tests"};
  for (const std::string& version : request.api_versions) out.push_back("--api-versions=" + version);
  if (request.crds) out.emplace_back("--include-crds");
  if (!request.hooks) out.emplace_back("--no-hooks");
  for (std::size_t i = 0; i < request.values.size(); ++i) out.push_back("--values=" + values_name(i));
  out.insert(out.end(), {"--", request.release, "./chart"});
  return out;
}

}  // namespace pawl::helm

#include "app/policy_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "adapters/local/workspace.h"
#include "base/limits.h"
#include "os/file.h"

namespace pawl::app {

namespace {

constexpr std::array<std::string_view, 3> kEndings = {".yaml", ".yml", ".json"};

bool is_document(std::string_view name) {
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_below(const std::string& path, const std::string& root) {
  return !root.empty() && os::relative_below(root, path).has_value();
}

std::string folder_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::string> read_standard_input() {
  std::string text;
  std::array<char, 65536> buffer;
  while (std::cin.read(buffer.data(), buffer.size()) || std::cin.gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > limits::kDocumentBytes) return Error(ErrorCode::kInvalid, "standard input is larger than 64 MiB");
  }
  return text;
}

class LocalPolicyFiles final : public engine::PolicyFiles {
 public:
  explicit LocalPolicyFiles(std::string start) : start_(std::move(start)) {}

  Result<std::string> read(const std::string& path) const override {
    return path == "-" ? read_standard_input() : os::read_file(full(path));
  }

  Result<std::vector<std::string>> list(const std::string& path) const override {
    PAWL_ASSIGN(std::string real, real_path(path));
    if (os::kind_of(real) != os::EntryKind::kFolder) return std::vector<std::string>{path};
    std::vector<std::string> found;
    PAWL_TRY(walk(path, found));
    return found;
  }

  Result<std::string> resolve(const std::string& from, const std::string& path) const override {
    std::string joined = path.starts_with('/') ? path : os::join_path(folder_of(from), path);
    std::string tidy = std::filesystem::path(joined).lexically_normal().string();
    if (tidy.size() > 1 && tidy.ends_with('/')) tidy.pop_back();
    PAWL_ASSIGN(std::string real, real_path(tidy));
    PAWL_ASSIGN(std::string home, real_path(folder_of(from)));
    if (!is_below(real, start_) && !is_below(real, local::find_root(home)) && !is_below(real, home))
      return Error(ErrorCode::kInvalid, path + " leaves the project",
                   "name files below the working folder or the folder of pawl.yaml");
    return tidy;
  }

 private:
  // Errors name the path as it was typed.
  Result<std::string> real_path(const std::string& path) const {
    Result<std::string> real = os::canonical_path(full(path));
    if (!real && real.error().code == ErrorCode::kNotFound)
      return Error(ErrorCode::kNotFound, "there is no file or folder " + path);
    return real;
  }

  std::string full(const std::string& path) const { return path.starts_with('/') ? path : os::join_path(start_, path); }

  Status walk(const std::string& folder, std::vector<std::string>& into) const {
    PAWL_ASSIGN(std::vector<os::FolderEntry> entries, os::list_folder(full(folder)));
    for (const os::FolderEntry& entry : entries) {
      if (entry.name.starts_with('.')) continue;
      std::string path = folder == "." ? entry.name : os::join_path(folder, entry.name);
      if (entry.kind == os::EntryKind::kFolder) {
        PAWL_TRY(walk(path, into));
      } else if (entry.kind == os::EntryKind::kFile && is_document(entry.name)) {
        into.push_back(std::move(path));
      }
      if (into.size() > limits::kTreeFiles)
        return Error(ErrorCode::kInvalid, folder + " holds more than 100,000 files");
    }
    return {};
  }

  std::string start_;
};

}  // namespace

Result<std::unique_ptr<engine::PolicyFiles>> local_policy_files(const std::string& folder) {
  PAWL_ASSIGN(std::string start, os::canonical_path(folder.empty() ? "." : folder));
  return std::unique_ptr<engine::PolicyFiles>(std::make_unique<LocalPolicyFiles>(std::move(start)));
}

}  // namespace pawl::app

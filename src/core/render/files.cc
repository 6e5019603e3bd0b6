#include "core/render/files.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::render {

Files::Files(Read read, List list, Real real)
    : read_(std::move(read)), list_(std::move(list)), real_(std::move(real)) {}

Files Files::of(const format::FileTree& tree) {
  auto at = [&tree](std::string_view path) {
    return std::lower_bound(tree.begin(), tree.end(), path,
                            [](const format::TreeFile& f, std::string_view p) { return f.path < p; });
  };
  Read read = [&tree, at](const std::string& path) -> Result<std::optional<format::TreeFile>> {
    auto found = at(path);
    if (found == tree.end() || found->path != path) return std::optional<format::TreeFile>();
    return std::optional<format::TreeFile>(*found);
  };
  List list = [&tree, at](const std::string& folder) -> Result<std::optional<std::vector<std::string>>> {
    std::string prefix = folder == "." || folder.empty() ? "" : folder + "/";
    std::vector<std::string> paths;
    for (auto file = at(prefix); file != tree.end() && file->path.starts_with(prefix); ++file)
      paths.push_back(file->path);
    if (paths.empty()) return std::optional<std::vector<std::string>>();
    return std::optional<std::vector<std::string>>(std::move(paths));
  };
  return Files(std::move(read), std::move(list));
}

Result<std::optional<std::string_view>> Files::read(const std::string& path) {
  if (!format::is_tree_path(path))
    return Error(ErrorCode::kInvalid, "\"" + escape_terminal(path.substr(0, 200)) + "\" leaves the project's folder");
  auto found = cache_.find(path);
  if (found == cache_.end()) {
    PAWL_ASSIGN(std::optional<format::TreeFile> file, read_(path));
    found = cache_.emplace(path, Asked{std::move(file)}).first;
  }
  ++found->second.times;
  if (!found->second.file) return std::optional<std::string_view>();
  return std::optional<std::string_view>(found->second.file->bytes);
}

Result<std::optional<std::vector<std::string>>> Files::list(const std::string& folder) {
  auto found = listed_.find(folder);
  if (found == listed_.end()) {
    PAWL_ASSIGN(std::optional<std::vector<std::string>> paths, list_(folder));
    found = listed_.emplace(folder, std::move(paths)).first;
  }
  return found->second;
}

format::FileTree Files::used() const {
  format::FileTree out;
  for (const auto& [path, asked] : cache_) {
    if (asked.file) out.push_back(*asked.file);
  }
  return out;
}

void Files::merge(const Files& other) { cache_.insert(other.cache_.begin(), other.cache_.end()); }

namespace {

// Whether it leads downwards and nowhere else: no part is empty or begins with a dot.
bool leads_down(std::string_view steps) {
  for (;;) {
    if (steps.empty() || steps[0] == '.' || steps[0] == '/') return false;
    std::size_t slash = steps.find('/');
    if (slash == std::string_view::npos) return true;
    steps.remove_prefix(slash + 1);
  }
}

// Goes from the folder `path` ("" for the root) along `steps`. False where that leaves the root.
bool follow(std::string& path, std::string_view steps) {
  if (leads_down(steps)) {
    if (!path.empty()) path += '/';
    path += steps;
    return true;
  }
  while (!steps.empty()) {
    std::string_view part = steps.substr(0, steps.find('/'));
    steps.remove_prefix(std::min(steps.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      if (!path.empty()) path += '/';
      path += part;
    } else {
      if (path.empty()) return false;
      std::size_t parent = path.rfind('/');
      path.resize(parent == std::string::npos ? 0 : parent);
    }
  }
  return true;
}

}  // namespace

Result<std::string> resolve_path(std::string_view base, std::string_view relative) {
  if (relative.empty()) return Error(ErrorCode::kInvalid, "an empty path");
  std::string out;
  out.reserve(base.size() + 1 + relative.size());
  if (relative.starts_with('/') || !follow(out, base) || !follow(out, relative))
    return Error(ErrorCode::kInvalid,
                 "\"" + escape_terminal(relative.substr(0, 200)) + "\" leaves the project's folder",
                 "bring it in as a source of the lock: pawl explain sources");
  if (out.empty()) out = ".";
  return out;
}

namespace {

bool is_below(std::string_view path, std::string_view folder) {
  return folder == "." || (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

Error not_below(std::string_view path, std::string_view folder) {
  return Error(ErrorCode::kInvalid,
               "the file " + escape_terminal(path.substr(0, 200)) + " is not in or below " + std::string(folder) +
                   ", the kustomization's folder",
               "a folder with a kustomization of its own may be a base; or bring it in as a source of the lock: pawl "
               "explain sources");
}

Result<std::string> path_below(std::string_view folder, std::string_view relative) {
  PAWL_ASSIGN(std::string path, resolve_path(folder, relative));
  if (!is_below(path, folder)) return not_below(path, folder);
  return path;
}

}  // namespace

Status Files::check_real(const std::string& path, std::string_view folder) const {
  if (!real_) return {};
  PAWL_ASSIGN(std::string real, real_(path));
  if (real == path) return {};
  PAWL_ASSIGN(std::string real_folder, real_(std::string(folder)));
  if (!is_below(real, real_folder)) return not_below(path + " (a link to " + real + ")", folder);
  return {};
}

Status Files::check_below(std::string_view folder, std::string_view relative) const {
  PAWL_ASSIGN(std::string path, path_below(folder, relative));
  return check_real(path, folder);
}

Result<Files::Below> Files::read_below(std::string_view folder, std::string_view relative) {
  PAWL_ASSIGN(std::string path, path_below(folder, relative));
  PAWL_ASSIGN(std::optional<std::string_view> bytes, read(path));
  if (!bytes) return Error(ErrorCode::kNotFound, "there is no file " + path);
  // Asked behind the reading: so it is about the file that was read, and known already.
  PAWL_TRY(check_real(path, folder));
  return Below{std::move(path), *bytes};
}

}  // namespace pawl::render

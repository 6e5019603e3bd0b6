#include "adapters/local/workspace.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

namespace pawl::local {

namespace {

using format::FileTree;
using format::TreeFile;

bool is_left_out(const std::string& name) { return name == ".git" || name == ".pawl"; }

class Checkout final : public ports::Workspace {
 public:
  explicit Checkout(std::string root) : root_(std::move(root)) {}

  std::string root() const override { return root_; }

  Result<std::string> read(const std::string& path) override {
    PAWL_ASSIGN(std::string full, inside(path));
    return os::read_file(full);
  }

  Result<std::optional<std::string>> read_if_present(const std::string& path) override {
    PAWL_ASSIGN(std::optional<TreeFile> file, read_file(path));
    if (!file) return std::optional<std::string>();
    return std::optional<std::string>(std::move(file->bytes));
  }

  Result<std::optional<TreeFile>> read_file(const std::string& path) override {
    Result<std::string> full = inside(path);
    if (!full && full.error().code == ErrorCode::kNotFound) return std::optional<TreeFile>();
    if (!full) return std::move(full).error();
    if (os::kind_of(*full) == os::EntryKind::kFolder) return std::optional<TreeFile>();
    PAWL_ASSIGN(std::optional<std::string> bytes, os::read_file_if_present(*full));
    if (!bytes) return std::optional<TreeFile>();
    PAWL_ASSIGN(bool executable, os::is_executable(*full));
    return std::optional<TreeFile>(TreeFile{path, std::move(*bytes), executable});
  }

  Result<std::optional<std::vector<std::string>>> list(const std::string& folder) override {
    bool whole = folder.empty() || folder == ".";
    std::string full = root_;
    if (!whole) {
      Result<std::string> checked = inside(folder);
      if (!checked && checked.error().code == ErrorCode::kNotFound) return std::optional<std::vector<std::string>>();
      if (!checked) return std::move(checked).error();
      full = *checked;
    }
    if (os::kind_of(full) != os::EntryKind::kFolder) return std::optional<std::vector<std::string>>();
    std::vector<std::string> paths;
    PAWL_TRY(walk(full, whole ? "" : folder, paths));
    std::sort(paths.begin(), paths.end());
    return std::optional<std::vector<std::string>>(std::move(paths));
  }

  Result<FileTree> read_tree(const std::string& folder) override {
    PAWL_ASSIGN(std::optional<std::vector<std::string>> paths, list(folder));
    if (!paths) return Error(ErrorCode::kNotFound, "there is no folder " + folder);
    FileTree tree;
    std::size_t total = 0;
    for (const std::string& path : *paths) {
      PAWL_ASSIGN(std::optional<TreeFile> file, read_file(path));
      if (!file) continue;
      total += file->bytes.size();
      if (total > limits::kTreeBytes) return Error(ErrorCode::kInvalid, folder + " holds more than 1 GiB");
      tree.push_back(std::move(*file));
    }
    return tree;
  }

  Status write(const std::string& path, std::string_view bytes) override {
    PAWL_ASSIGN(std::string full, os::join_checked(root_, path));
    if (std::size_t slash = path.rfind('/'); slash != std::string::npos) {
      PAWL_TRY(os::make_folders(os::join_path(root_, path.substr(0, slash))));
    }
    return os::write_file(full, bytes);
  }

  Result<ports::Revision> revision(const Context& context) override {
    ports::Revision out;
    Result<std::string> inside_git = git(context, {"rev-parse", "--is-inside-work-tree"});
    if (!inside_git || trim(*inside_git) != "true") return out;
    out.in_git = true;
    if (Result<std::string> head = git(context, {"rev-parse", "--verify", "--quiet", "HEAD^{commit}"}))
      out.commit = trim(*head);
    if (Result<std::string> origin = git(context, {"config", "--get", "remote.origin.url"}))
      out.origin = without_credentials(trim(*origin));
    return out;
  }

  Result<std::vector<std::string>> changed(const Context& context, std::span<const std::string> paths) override {
    PAWL_ASSIGN(ports::Revision now, revision(context));
    if (!now.in_git || paths.empty()) return std::vector<std::string>();
    PAWL_ASSIGN(std::string status, git(context, {"status", "--porcelain=v1", "-z", "--untracked-files=all",
                                                  "--no-renames", "--ignored=matching", "--", "."}));
    PAWL_ASSIGN(std::string prefix, git(context, {"rev-parse", "--show-prefix"}));
    std::set<std::string> dirty;
    std::vector<std::string> folders;  // untracked folders that git names whole
    for (std::string_view entry : split(status, '\0')) {
      if (entry.size() < 4) continue;
      std::string path(entry.substr(3));
      std::string_view own = trim(prefix);
      if (path.starts_with(own)) path.erase(0, own.size());
      if (path.ends_with('/'))
        folders.push_back(path);
      else
        dirty.insert(path);
    }
    std::vector<std::string> out;
    for (const std::string& path : paths) {
      bool below =
          std::any_of(folders.begin(), folders.end(), [&](const std::string& f) { return path.starts_with(f); });
      if (below || dirty.contains(path)) out.push_back(path);
    }
    return out;
  }

  Result<FileTree> read_tree_at(const Context& context, const std::string& revision,
                                const std::string& folder) override {
    if (revision.empty() || revision.starts_with('-'))
      return Error(ErrorCode::kUsage, "\"" + revision + "\" is not a revision");
    std::string spec = revision + ":./" + (folder == "." ? "" : folder);
    PAWL_ASSIGN_WITHIN(std::string listing, git(context, {"ls-tree", "-r", "-z", spec}), "reading " + revision);
    FileTree tree;
    for (std::string_view entry : split(listing, '\0')) {
      std::size_t tab = entry.find('\t');
      if (tab == std::string_view::npos) continue;
      std::vector<std::string_view> words = split(entry.substr(0, tab), ' ');
      std::string path(entry.substr(tab + 1));
      if (words.size() != 3 || words[1] != "blob" || words[0] == "120000" || !format::is_tree_path(path)) {
        return Error(ErrorCode::kInvalid, revision + " holds \"" + escape_terminal(path) + "\", a link or a submodule",
                     "keep those out of what is rendered");
      }
      PAWL_ASSIGN(std::string bytes, git(context, {"cat-file", "blob", std::string(words[2])}));
      tree.push_back({std::move(path), std::move(bytes), words[0] == "100755"});
    }
    std::sort(tree.begin(), tree.end());
    return tree;
  }

 private:
  // The real path of `path`, which must lie inside the root, links followed.
  Result<std::string> inside(const std::string& path) const {
    PAWL_ASSIGN(std::string full, os::join_checked(root_, path));
    PAWL_ASSIGN(std::string real, os::canonical_path(full));
    PAWL_ASSIGN(std::string real_root, os::canonical_path(root_));
    bool below = real.starts_with(real_root + "/");
    if (!below) return Error(ErrorCode::kInvalid, path + " leads out of the project's folder by a link");
    return real;
  }

  static constexpr std::size_t kDeepest = 64;

  Status walk(const std::string& full, const std::string& relative, std::vector<std::string>& paths,
              std::size_t depth = 0) {
    if (depth > kDeepest)
      return Error(ErrorCode::kInvalid, relative + " is nested deeper than " + std::to_string(kDeepest) + " folders");
    PAWL_ASSIGN(std::vector<os::FolderEntry> entries, os::list_folder(full));
    for (const os::FolderEntry& entry : entries) {
      if (is_left_out(entry.name)) continue;
      std::string path = relative.empty() ? entry.name : relative + "/" + entry.name;
      if (paths.size() > limits::kTreeFiles)
        return Error(ErrorCode::kInvalid, "more than " + std::to_string(limits::kTreeFiles) + " files");
      if (entry.kind == os::EntryKind::kFolder)
        PAWL_TRY(walk(os::join_path(full, entry.name), path, paths, depth + 1));
      else if (entry.kind == os::EntryKind::kFile || entry.kind == os::EntryKind::kLink)
        paths.push_back(path);
    }
    return {};
  }

  Result<std::string> git(const Context& context, std::vector<std::string> arguments) const {
    constexpr std::size_t kMostOutput = 256u << 20;
    os::Command command;
    command.argv = {"git", "-c", "core.quotePath=off", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.folder = root_;
    command.environment = os::inherited_environment();
    command.environment["GIT_TERMINAL_PROMPT"] = "0";
    command.environment["GIT_OPTIONAL_LOCKS"] = "0";
    command.environment["LC_ALL"] = "C";
    command.max_output = kMostOutput;
    PAWL_ASSIGN(os::CommandResult result, os::run(context.within(std::chrono::minutes(1)), command));
    if (result.timed_out) return Error(ErrorCode::kTimeout, "git " + arguments[0] + " took too long");
    if (result.exit_status != 0)
      return Error(ErrorCode::kNotFound, "git " + arguments[0] + ": " + std::string(trim(result.errors)));
    return std::move(result.output);
  }

  static std::string without_credentials(std::string_view url) {
    std::size_t scheme = url.find("://");
    std::size_t at = url.rfind('@');
    bool has_user = scheme != std::string_view::npos && at != std::string_view::npos && at > scheme;
    if (!has_user) return std::string(url);
    return std::string(url.substr(0, scheme + 3)) + std::string(url.substr(at + 1));
  }

  std::string root_;
};

}  // namespace

std::shared_ptr<ports::Workspace> open_workspace(std::string root) {
  return std::make_shared<Checkout>(std::move(root));
}

std::string find_root(const std::string& start) {
  std::string folder = start;
  for (;;) {
    if (os::exists(os::join_path(folder, "pawl.yaml"))) return folder;
    std::size_t slash = folder.rfind('/');
    if (slash == std::string::npos || folder == "/") return {};
    folder = slash == 0 ? "/" : folder.substr(0, slash);
  }
}

}  // namespace pawl::local

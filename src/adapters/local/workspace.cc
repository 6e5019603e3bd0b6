#include "adapters/local/workspace.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "adapters/local/stamp_service.h"
#include "base/text.h"
#include "os/file.h"
#include "os/git.h"
#include "os/plain_file.h"
#include "os/stamps.h"

namespace pawl::local {

namespace {

using format::FileTree;
using format::TreeFile;

bool is_left_out(const std::string& name) { return name == ".git" || name == ".pawl"; }

class Checkout final : public ports::Workspace {
 public:
  Checkout(std::string root, std::string watch_folder)
      : root_(std::move(root)), watch_folder_(std::move(watch_folder)), opened_(root_) {}

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
    std::optional<os::PlainFile> plain;
    if (os::join_checked(root_, path)) plain = opened_.read(path);
    if (plain) {
      PAWL_TRY(keep_real(path));
      return std::optional<TreeFile>(TreeFile{path, std::move(plain->bytes), plain->executable});
    }
    Result<std::string> full = inside(path);
    if (!full && full.error().code == ErrorCode::kNotFound) return std::optional<TreeFile>();
    if (!full) return std::move(full).error();
    if (os::kind_of(*full) == os::EntryKind::kFolder) return std::optional<TreeFile>();
    PAWL_ASSIGN(std::optional<std::string> bytes, os::read_file_if_present(*full));
    if (!bytes) return std::optional<TreeFile>();
    PAWL_ASSIGN(bool executable, os::is_executable(*full));
    return std::optional<TreeFile>(TreeFile{path, std::move(*bytes), executable});
  }

  Result<std::string> real_path(const std::string& path) override {
    Result<std::string> full = remembered(path);
    if (!full && full.error().code == ErrorCode::kNotFound) return path;
    if (!full) return std::move(full).error();
    PAWL_ASSIGN(std::string root, real_root());
    return os::relative_below(root, *full).value();
  }

  std::vector<std::optional<FileStamp>> stamps(std::span<const std::string_view> paths) override {
    return os::stamps_below(opened_, paths);
  }

  std::optional<std::vector<std::uint32_t>> watched_changes(const ports::StampedFiles& files) override {
    if (watch_folder_.empty()) return std::nullopt;
    return local::watched_changes(watch_folder_, root_, files);
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
    PAWL_ASSIGN(out.in_git, is_in_git(context));
    if (!out.in_git) return out;
    PAWL_ASSIGN(os::GitResult head, ask_git(context, {"rev-parse", "--verify", "--quiet", "HEAD^{commit}"}));
    if (head.exit_status == 0) out.commit = trim(head.output);
    PAWL_ASSIGN(os::GitResult origin, ask_git(context, {"config", "--get", "remote.origin.url"}));
    if (origin.exit_status == 0) out.origin = without_credentials(trim(origin.output));
    return out;
  }

  Result<std::vector<std::string>> changed(const Context& context, std::span<const std::string> paths) override {
    PAWL_ASSIGN(bool in_git, is_in_git(context));
    if (!in_git || paths.empty()) return std::vector<std::string>();
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
    auto is_dirty = [&](const std::string& path) {
      return dirty.contains(path) ||
             std::any_of(folders.begin(), folders.end(), [&](const std::string& f) { return path.starts_with(f); });
    };
    std::vector<std::string> out;
    for (const std::string& path : paths) {
      // Of a link, what it leads to was read.
      Result<std::string> real = real_path(path);
      if (is_dirty(path) || (real && is_dirty(*real))) out.push_back(path);
    }
    return out;
  }

  Result<FileTree> read_tree_at(const Context& context, const std::string& revision,
                                const std::string& folder) override {
    if (revision.empty() || revision.starts_with('-'))
      return Error(ErrorCode::kUsage, "\"" + revision + "\" is not a revision");
    std::vector<std::string> find = {"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"};
    PAWL_ASSIGN(os::GitResult commit, ask_git(context, find));
    if (commit.exit_status != 0)
      return Error(ErrorCode::kNotFound, "\"" + escape_terminal(revision) + "\" is no commit, tag or branch here");
    PAWL_ASSIGN(std::string git_folder, git(context, {"rev-parse", "--absolute-git-dir"}));
    PAWL_ASSIGN(std::string prefix, git(context, {"rev-parse", "--show-prefix"}));
    std::string from = std::string(trim(prefix)) + (folder == "." ? "" : folder);
    while (from.ends_with('/')) from.pop_back();
    return read_commit(context, std::string(trim(git_folder)), std::string(trim(commit.output)), from);
  }

 private:
  static Result<FileTree> read_commit(const Context& context, const std::string& repository, const std::string& commit,
                                      const std::string& folder) {
    PAWL_ASSIGN(std::vector<os::GitEntry> entries, os::list_git_tree(context, repository, commit, folder));
    if (entries.empty())
      return Error(ErrorCode::kNotFound, commit.substr(0, 12) + " has no folder \"" + escape_terminal(folder) + "\"");
    std::vector<std::string> ids;
    for (const os::GitEntry& entry : entries) {
      bool regular = entry.mode.starts_with("100") && format::is_tree_path(entry.path);
      if (!regular) {
        return Error(ErrorCode::kInvalid,
                     commit.substr(0, 12) + " holds \"" + escape_terminal(entry.path) + "\", a link or a submodule",
                     "keep those out of what is rendered");
      }
      ids.push_back(entry.id);
    }
    PAWL_ASSIGN(auto blobs, os::read_git_blobs(context, repository, ids));
    FileTree tree;
    for (const os::GitEntry& entry : entries) tree.push_back({entry.path, blobs[entry.id], entry.mode == "100755"});
    std::sort(tree.begin(), tree.end());
    return tree;
  }

  // Of the root itself; a checkout does not move while it is worked on.
  Result<std::string> real_root() const {
    std::lock_guard lock(mutex_);
    if (real_root_.empty()) {
      PAWL_ASSIGN(real_root_, os::canonical_path(root_));
    }
    return real_root_;
  }

  // As inside() found it when the file was read last; a link is followed anew whenever it is read.
  Result<std::string> remembered(const std::string& path) const {
    {
      std::lock_guard lock(mutex_);
      if (auto found = real_.find(path); found != real_.end()) return found->second;
    }
    return inside(path);
  }

  // The real path of `path`, which must lie inside the root, links followed.
  Result<std::string> inside(const std::string& path) const {
    if (path == ".") return real_root();
    PAWL_ASSIGN(std::string full, os::join_checked(root_, path));
    PAWL_ASSIGN(std::string real, os::canonical_path(full));
    PAWL_ASSIGN(std::string root, real_root());
    if (os::relative_below(root, real).value_or(".") == ".")  // nor may the root hold itself
      return Error(ErrorCode::kInvalid, path + " leads out of the project's folder by a link");
    std::lock_guard lock(mutex_);
    real_.insert_or_assign(path, real);
    return real;
  }

  // No link leads to that file.
  Status keep_real(const std::string& path) const {
    PAWL_ASSIGN(std::string root, real_root());
    std::lock_guard lock(mutex_);
    real_.insert_or_assign(path, os::join_path(root, path));
    return {};
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

  Result<os::GitResult> ask_git(const Context& context, std::vector<std::string> arguments) const {
    os::GitCall call{"", std::move(arguments), ""};
    call.folder = root_;
    return os::try_git(context, call);
  }

  Result<std::string> git(const Context& context, std::vector<std::string> arguments) const {
    os::GitCall call{"", std::move(arguments), ""};
    call.folder = root_;
    return os::git(context, call);
  }

  // Anything but "not a repository" is an error: a repository that git refuses to read must not pass for none.
  Result<bool> is_in_git(const Context& context) const {
    Result<os::GitResult> asked = ask_git(context, {"rev-parse", "--is-inside-work-tree"});
    if (!asked && asked.error().code == ErrorCode::kNotFound) return no_git_program();
    if (!asked) return std::move(asked).error();
    if (asked->exit_status == 0) return trim(asked->output) == "true";
    if (asked->errors.find("not a git repository") != std::string::npos) return false;
    return os::git_error({"", {"rev-parse"}, ""}, *asked).within("looking for the version of " + root_);
  }

  Result<bool> no_git_program() const {
    for (std::string folder = root_;; folder.resize(std::max<std::size_t>(folder.rfind('/'), 1))) {
      if (os::exists(os::join_path(folder, ".git")))
        return Error(ErrorCode::kUnavailable, folder + " is a Git repository, and git is not installed");
      if (folder == "/" || folder.find('/') == std::string::npos) return false;
    }
  }

  static std::string without_credentials(std::string_view url) {
    std::size_t scheme = url.find("://");
    std::size_t at = url.rfind('@');
    bool has_user = scheme != std::string_view::npos && at != std::string_view::npos && at > scheme;
    if (!has_user) return std::string(url);
    return std::string(url.substr(0, scheme + 3)) + std::string(url.substr(at + 1));
  }

  std::string root_;
  std::string watch_folder_;
  os::OpenFolder opened_;
  mutable std::mutex mutex_;
  mutable std::string real_root_;
  mutable std::map<std::string, std::string> real_;  // path -> where it was when it was read last
};

}  // namespace

std::shared_ptr<ports::Workspace> open_workspace(std::string root, std::string watch_folder) {
  return std::make_shared<Checkout>(std::move(root), std::move(watch_folder));
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

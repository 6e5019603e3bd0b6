#include "adapters/memory/workspace.h"

#include "crypto/digest.h"

namespace pawl::memory {

namespace {

Status check_path(const std::string& path) {
  if (format::is_tree_path(path)) return {};
  return Error(ErrorCode::kInvalid, "\"" + path + "\" leaves the workspace");
}

bool is_whole(const std::string& folder) { return folder.empty() || folder == "."; }

}  // namespace

Workspace::Workspace(ports::FileTree files, Fault fault) : fault_(std::move(fault)) {
  for (ports::TreeFile& file : files) files_.insert_or_assign(file.path, file);
}

std::string Workspace::commit() {
  std::lock_guard lock(mutex_);
  std::string seed = format::tree_digest(below(files_, "")).hex() + head_;
  head_ = crypto::sha256(seed).hex().substr(0, 40);
  commits_[head_] = files_;
  return head_;
}

void Workspace::remove(const std::string& path) {
  std::lock_guard lock(mutex_);
  files_.erase(path);
}

void Workspace::watch() { is_watched_ = true; }

void Workspace::set_origin(std::string url) {
  std::lock_guard lock(mutex_);
  origin_ = std::move(url);
}

ports::FileTree Workspace::below(const Files& files, const std::string& folder) {
  std::string prefix = is_whole(folder) ? "" : folder + "/";
  ports::FileTree tree;
  for (auto at = files.lower_bound(prefix); at != files.end() && at->first.starts_with(prefix); ++at) {
    tree.push_back(at->second);
  }
  return tree;
}

Result<std::optional<ports::TreeFile>> Workspace::read_file(const std::string& path) {
  PAWL_TRY(ask(fault_, "workspace.read"));
  PAWL_TRY(check_path(path));
  std::lock_guard lock(mutex_);
  auto found = files_.find(path);
  if (found == files_.end()) return std::optional<ports::TreeFile>();
  return std::optional<ports::TreeFile>(found->second);
}

Result<std::optional<std::string>> Workspace::read_if_present(const std::string& path) {
  PAWL_ASSIGN(std::optional<ports::TreeFile> file, read_file(path));
  if (!file) return std::optional<std::string>();
  return std::optional<std::string>(std::move(file->bytes));
}

Result<std::string> Workspace::read(const std::string& path) {
  PAWL_ASSIGN(std::optional<std::string> bytes, read_if_present(path));
  if (!bytes) return Error(ErrorCode::kNotFound, "there is no file " + path);
  return std::move(*bytes);
}

std::vector<std::optional<FileStamp>> Workspace::stamps(std::span<const std::string_view> paths) {
  if (!ask(fault_, "workspace.stamps")) return std::vector<std::optional<FileStamp>>(paths.size());
  return stamps_now(paths);
}

std::optional<std::vector<std::uint32_t>> Workspace::watched_changes(const ports::StampedFiles& files) {
  if (!is_watched_ || !ask(fault_, "workspace.watched_changes")) return std::nullopt;
  std::vector<std::optional<FileStamp>> now = stamps_now(files.paths);
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < now.size(); ++i) {
    if (now[i].value_or(FileStamp()) != files.stamps[i]) out.push_back(i);
  }
  return out;
}

std::vector<std::optional<FileStamp>> Workspace::stamps_now(std::span<const std::string_view> paths) {
  std::lock_guard lock(mutex_);
  std::vector<std::optional<FileStamp>> out;
  for (std::string_view path : paths) {
    auto found = files_.find(std::string(path));
    std::optional<FileStamp> stamp;
    // Other bytes, another node.
    if (found != files_.end())
      stamp = FileStamp{.node = std::hash<std::string>()(found->second.bytes), .bytes = found->second.bytes.size()};
    out.push_back(stamp);
  }
  return out;
}

Result<std::optional<std::vector<std::string>>> Workspace::list(const std::string& folder) {
  PAWL_TRY(ask(fault_, "workspace.list"));
  if (!is_whole(folder)) PAWL_TRY(check_path(folder));
  std::lock_guard lock(mutex_);
  std::string prefix = is_whole(folder) ? "" : folder + "/";
  std::vector<std::string> paths;
  for (const auto& [path, file] : files_) {
    if (path.starts_with(prefix)) paths.push_back(path);
  }
  if (paths.empty() && !is_whole(folder)) return std::optional<std::vector<std::string>>();
  return std::optional<std::vector<std::string>>(std::move(paths));
}

Result<ports::FileTree> Workspace::read_tree(const std::string& folder) {
  PAWL_TRY(ask(fault_, "workspace.read_tree"));
  if (!is_whole(folder)) PAWL_TRY(check_path(folder));
  std::lock_guard lock(mutex_);
  ports::FileTree tree = below(files_, folder);
  if (tree.empty() && !is_whole(folder)) return Error(ErrorCode::kNotFound, "there is no folder " + folder);
  return tree;
}

Status Workspace::write(const std::string& path, std::string_view bytes) {
  PAWL_TRY(ask(fault_, "workspace.write"));
  PAWL_TRY(check_path(path));
  std::lock_guard lock(mutex_);
  ports::TreeFile& file = files_[path];
  file.path = path;
  file.bytes = bytes;
  return {};
}

Result<ports::Revision> Workspace::revision(const Context& context) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "workspace.revision"));
  std::lock_guard lock(mutex_);
  return ports::Revision{!head_.empty(), head_, origin_};
}

Result<std::vector<std::string>> Workspace::changed(const Context& context, std::span<const std::string> paths) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "workspace.changed"));
  std::lock_guard lock(mutex_);
  std::vector<std::string> different;
  if (head_.empty()) return different;
  const Files& committed = commits_[head_];
  for (const std::string& path : paths) {
    auto now = files_.find(path);
    auto then = committed.find(path);
    bool same =
        (now == files_.end()) == (then == committed.end()) && (now == files_.end() || now->second == then->second);
    if (!same) different.push_back(path);
  }
  return different;
}

Result<ports::FileTree> Workspace::read_tree_at(const Context& context, const std::string& revision,
                                                const std::string& folder) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "workspace.read_tree_at"));
  std::lock_guard lock(mutex_);
  auto commit = commits_.find(revision);
  if (commit == commits_.end()) return Error(ErrorCode::kNotFound, "there is no commit " + revision);
  // As Git lists a folder of a commit: paths are relative to it.
  ports::FileTree tree = below(commit->second, folder);
  if (!is_whole(folder)) {
    for (ports::TreeFile& file : tree) file.path.erase(0, folder.size() + 1);
  }
  return tree;
}

}  // namespace pawl::memory

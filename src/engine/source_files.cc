#include "engine/source_files.h"

#include <algorithm>
#include <mutex>

namespace pawl::engine {

namespace {

using format::FileTree;
using format::TreeFile;

// The trees of a project's sources, each fetched once. Thread-safe: the views of all environments share one.
class SourceTrees {
 public:
  SourceTrees(std::shared_ptr<ports::SourceReader> reader, Context context, std::vector<model::Source> sources,
              model::Lock lock)
      : reader_(std::move(reader)),
        context_(std::move(context)),
        sources_(std::move(sources)),
        lock_(std::move(lock)) {}

  // The tree of a source; nullptr where the project has no source of that name. It lives as long as this.
  Result<const FileTree*> find(const std::string& name) {
    std::lock_guard guard(mutex_);
    auto known = trees_.find(name);
    if (known != trees_.end()) return &known->second;
    auto source = std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s.name == name; });
    if (source == sources_.end() || !model::has_files(*source)) return nullptr;
    const model::LockedSource* locked = lock_.find_source(name);
    if (locked == nullptr) return Error(ErrorCode::kNotFound, "source " + name + " is not in the lock", "pawl lock");
    PAWL_ASSIGN_WITHIN(FileTree tree, reader_->fetch(context_, *source, *locked), "reading source " + name);
    return &trees_.emplace(name, std::move(tree)).first->second;
  }

 private:
  std::shared_ptr<ports::SourceReader> reader_;
  Context context_;
  std::vector<model::Source> sources_;
  model::Lock lock_;
  std::mutex mutex_;
  std::map<std::string, FileTree> trees_;
};

// ".sources/NAME/rest" taken apart; the name is empty for every other path.
struct SourcePath {
  std::string name;
  std::string rest;
};

SourcePath source_path(const std::string& path) {
  std::string prefix = std::string(model::kSourcesFolder) + "/";
  if (!path.starts_with(prefix)) return {};
  std::size_t end = path.find('/', prefix.size());
  if (end == std::string::npos) return {path.substr(prefix.size()), ""};
  return {path.substr(prefix.size(), end - prefix.size()), path.substr(end + 1)};
}

auto first_at(const FileTree& tree, std::string_view path) {
  return std::lower_bound(tree.begin(), tree.end(), path,
                          [](const TreeFile& file, std::string_view p) { return file.path < p; });
}

std::optional<TreeFile> file_of(const FileTree& tree, const SourcePath& path, const std::string& whole) {
  auto found = first_at(tree, path.rest);
  if (found == tree.end() || found->path != path.rest) return std::nullopt;
  return TreeFile{whole, found->bytes, found->executable};
}

std::optional<std::vector<std::string>> list_of(const FileTree& tree, const SourcePath& path) {
  std::string prefix = path.rest.empty() ? "" : path.rest + "/";
  std::string root = std::string(model::kSourcesFolder) + "/" + path.name + "/";
  std::vector<std::string> paths;
  for (auto file = first_at(tree, prefix); file != tree.end() && file->path.starts_with(prefix); ++file)
    paths.push_back(root + file->path);
  if (paths.empty()) return std::nullopt;
  return paths;
}

}  // namespace

render::Files workspace_files(std::shared_ptr<ports::Workspace> workspace) {
  return render::Files([workspace](const std::string& path) { return workspace->read_file(path); },
                       [workspace](const std::string& folder) { return workspace->list(folder); },
                       [workspace](const std::string& path) { return workspace->real_path(path); });
}

render::Files with_sources(const render::Files& files, World& world, const Context& context,
                           const model::Content& content, const model::Lock& lock) {
  auto trees = std::make_shared<SourceTrees>(world.sources, context, content.sources, lock);
  auto read = [outside = files.reader(), trees](const std::string& path) -> Result<std::optional<TreeFile>> {
    SourcePath inside = source_path(path);
    if (inside.name.empty()) return outside(path);
    PAWL_ASSIGN(const FileTree* tree, trees->find(inside.name));
    return tree == nullptr ? std::nullopt : file_of(*tree, inside, path);
  };
  auto list = [outside = files.lister(),
               trees](const std::string& folder) -> Result<std::optional<std::vector<std::string>>> {
    SourcePath inside = source_path(folder);
    if (inside.name.empty()) return outside(folder);
    PAWL_ASSIGN(const FileTree* tree, trees->find(inside.name));
    return tree == nullptr ? std::nullopt : list_of(*tree, inside);
  };
  auto real = [outside = files.realist()](const std::string& path) -> Result<std::string> {
    if (!outside || !source_path(path).name.empty()) return path;
    return outside(path);
  };
  return render::Files(std::move(read), std::move(list), std::move(real));
}

}  // namespace pawl::engine
